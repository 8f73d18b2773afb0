/* keyward/version.h - the version of the headers. */
#ifndef KEYWARD_VERSION_H
#define KEYWARD_VERSION_H

#define KEYWARD_VERSION "0.1.0"

#endif
