/* crc32c.h - the Castagnoli checksum (RFC 3720 appendix B.4): one checksum for keys and shared
 * records. */
#ifndef BASE_CRC32C_H
#define BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

uint32_t crc32c(const void *bytes, size_t n);

/* The checksum of bytes that stand behind others, from the checksum of those (0: there are none). */
uint32_t crc32c_more(uint32_t before, const void *bytes, size_t n);

/* The same, always by the table: what a CPU without SSE4.2 runs. For tests. */
uint32_t crc32c_portable(const void *bytes, size_t n);

#endif
