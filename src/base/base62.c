/* base62.c - see base62.h. */
#include "base/base62.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/* 1 for each byte of the alphabet: on the decision path, so a table rather than comparisons. */
static const bool is_digit[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1,
    ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
    ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1,
    ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1,
    ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1,
};

bool base62_only(struct str s)
{
    bool ok = true;

    for (size_t i = 0; i < s.n; i++)
        ok &= is_digit[(unsigned char)s.p[i]];
    return ok;
}

void base62_put(uint32_t v, char *out, size_t n)
{
    for (size_t i = n; i-- > 0; v /= 62)
        out[i] = alphabet[v % 62];
}

size_t base62_draw(const uint8_t *random, size_t n_random, char *out, size_t n)
{
    size_t done = 0;

    for (size_t i = 0; i < n_random && done < n; i++)
        if (random[i] < 4 * 62)
            out[done++] = alphabet[random[i] % 62];
    return done;
}
