/* err.c - the names and sentences of keyward/err.h. */
#include <keyward/err.h>

const char *kw_err_name(enum kw_err err)
{
    switch (err) {
#define X(symbol, name, text) \
    case symbol:              \
        return name;
        KW_ERRORS(X)
#undef X
    }
    return "unknown";
}

const char *kw_strerror(enum kw_err err)
{
    switch (err) {
#define X(symbol, name, text) \
    case symbol:              \
        return text;
        KW_ERRORS(X)
#undef X
    }
    return "an error that this version does not know";
}
