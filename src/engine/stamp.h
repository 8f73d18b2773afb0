/* stamp.h - which engine a file holds, for whoever has the file alone: `keyward doctor` reads it out of the nginx module. */
#ifndef ENGINE_STAMP_H
#define ENGINE_STAMP_H

#include <stdint.h>

#define ENGINE_STAMP_MAGIC "keyward engine's stamp"

struct engine_stamp {
    char magic[24];
    char version[16];
    uint32_t keyring_format, ring_format;
};

#endif
