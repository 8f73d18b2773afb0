/* keyward/api.h - KW_API marks what the library promises; nothing else can be linked against. */
#ifndef KEYWARD_API_H
#define KEYWARD_API_H

#if defined(__GNUC__)
#define KW_API __attribute__((visibility("default")))
#else
#define KW_API
#endif

#endif
