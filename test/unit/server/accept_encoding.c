/* accept_encoding.c - who takes an answer that is compressed. */
#include "server/accept_encoding.h"

#include "suite.h"

static const struct header {
    const char *why, *text; /* NULL: not sent */
    bool want;
} headers[] = {
    {"none", NULL, false},
    {"an empty one", "", false},
    {"gzip alone", "gzip", true},
    {"its older name", "x-gzip", true},
    {"in capitals", "GZIP", true},
    {"a browser's", "gzip, deflate, br, zstd", true},
    {"at the end", "br,gzip", true},
    {"with empty places", ", ,gzip,", true},
    {"with a weight", "gzip;q=0.5", true},
    {"with spaces", "br , gzip ; q=1.000", true},
    {"a weight in capitals", "gzip;Q=1", true},
    {"the least weight", "gzip;q=0.001", true},
    {"anything", "*", true},
    {"anything else", "br, *;q=0.1", true},
    {"others only", "br, deflate", false},
    {"the plain one", "identity", false},
    {"refused", "gzip;q=0", false},
    {"refused with digits", "gzip;q=0.000", false},
    {"refused beside anything", "*, gzip;q=0", false},
    {"refused with anything", "*;q=0", false},
    {"taken beside nothing else", "gzip, *;q=0", true},
    {"the first one counts", "gzip;q=0, gzip", false},
    {"a longer word", "gzipped", false},
    {"a shorter word", "gzi", false},
    {"a weight that is none", "gzip;q=x", false},
    {"a weight over one", "gzip;q=1.5", false},
    {"a weight of two", "gzip;q=2", false},
    {"a weight with four digits", "gzip;q=0.0001", false},
    {"a weight without a value", "gzip;q=", false},
    {"a weight without a digit first", "gzip;q=.5", false},
    {"another parameter", "gzip;level=9", false},
    {"two weights", "gzip;q=1;q=1", false},
    {"a parameter without a name", "gzip;", false},
};

static void accept_encoding_reads(void **state)
{
    const struct header *row = *state;

    assert_int_equal(accept_encoding_gzip(str_from(row->text)), row->want);
}

int main(void)
{
    SUITE_ROWS(accept_encoding_reads, headers);
    return suite_run("server/accept_encoding");
}
