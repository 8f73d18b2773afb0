/* keyward/err.h - everything that can go wrong, as one table. */
#ifndef KEYWARD_ERR_H
#define KEYWARD_ERR_H

#include <keyward/api.h>

/* X(enumerator, name, text). The name is stable and appears in logs and JSON; the text is for people. */
#define KW_ERRORS(X)                                                                                \
    X(KW_OK, "ok", "no error")                                                                      \
    X(KW_ESYNTAX, "syntax", "not in the expected form")                                             \
    X(KW_ERANGE, "range", "outside of the permitted range")                                         \
    X(KW_EINVAL, "invalid", "the call itself is wrong: an argument is missing or not permitted")    \
    X(KW_ENOMEM, "memory", "out of memory")                                                         \
    X(KW_EIO, "io", "reading or writing failed")                                                    \
    X(KW_ENOTFOUND, "not_found", "there is no such thing")                                          \
    X(KW_EEXISTS, "exists", "there is one of that name already")                                    \
    X(KW_ECONFLICT, "conflict", "changed by somebody else meanwhile, or not possible in its state") \
    X(KW_EFULL, "full", "no room left")                                                             \
    X(KW_EDAMAGED, "damaged", "a checksum or seal does not hold")                                   \
    X(KW_EFORMAT, "format", "written by another version, or not ours at all")                       \
    X(KW_EPERM, "permission", "the permissions of a file or a peer do not allow it")                \
    X(KW_EBUSY, "busy", "in use by another process")                                                \
    X(KW_EOLD, "old", "older than what was acknowledged before")                                    \
    X(KW_EUNSAVED, "unsaved", "in force, not yet saved")                                            \
    X(KW_EUNAVAILABLE, "unavailable", "not ready: the service that it needs does not answer")

enum kw_err {
#define X(symbol, name, text) symbol,
    KW_ERRORS(X)
#undef X
};

#ifdef __cplusplus
extern "C" {
#endif

/* The stable name ("not_found") and the sentence of an error. Never NULL, for any value. */
KW_API const char *kw_err_name(enum kw_err err);
KW_API const char *kw_strerror(enum kw_err err);

#ifdef __cplusplus
}
#endif

#endif
