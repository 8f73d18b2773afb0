/* accept_encoding.c - who takes an answer that is compressed. */
#include "server/accept_encoding.h"

#include "suite.h"

static const struct header {
    const char *why, *text; /* NULL: not sent */
    bool gzip, br;
} headers[] = {
    {"none", NULL, false, false},
    {"an empty one", "", false, false},
    {"gzip alone", "gzip", true, false},
    {"its older name", "x-gzip", true, false},
    {"in capitals", "GZIP", true, false},
    {"a browser's", "gzip, deflate, br, zstd", true, true},
    {"at the end", "br,gzip", true, true},
    {"with empty places", ", ,gzip,", true, false},
    {"with a weight", "gzip;q=0.5", true, false},
    {"with spaces", "br , gzip ; q=1.000", true, true},
    {"a weight in capitals", "gzip;Q=1", true, false},
    {"the least weight", "gzip;q=0.001", true, false},
    {"anything", "*", true, false},
    {"anything else", "br, *;q=0.1", true, true},
    {"others only", "br, deflate", false, true},
    {"the plain one", "identity", false, false},
    {"refused", "gzip;q=0", false, false},
    {"refused with digits", "gzip;q=0.000", false, false},
    {"refused beside anything", "*, gzip;q=0", false, false},
    {"refused with anything", "*;q=0", false, false},
    {"taken beside nothing else", "gzip, *;q=0", true, false},
    {"the first one counts", "gzip;q=0, gzip", false, false},
    {"a longer word", "gzipped", false, false},
    {"a shorter word", "gzi", false, false},
    {"a weight that is none", "gzip;q=x", false, false},
    {"a weight over one", "gzip;q=1.5", false, false},
    {"a weight of two", "gzip;q=2", false, false},
    {"a weight with four digits", "gzip;q=0.0001", false, false},
    {"a weight without a value", "gzip;q=", false, false},
    {"a weight without a digit first", "gzip;q=.5", false, false},
    {"another parameter", "gzip;level=9", false, false},
    {"two weights", "gzip;q=1;q=1", false, false},
    {"brotli alone", "br", false, true},
    {"brotli in capitals", "BR;q=0.1", false, true},
    {"brotli refused", "br;q=0, *", true, false},
    {"the first of two brotlis counts", "br;q=0, br", false, false},
    {"a longer word than brotli's", "bro", false, false},
    {"a parameter without a name", "gzip;", false, false},
};

static void accept_encoding_reads(void **state)
{
    const struct header *row = *state;

    assert_int_equal(accept_encoding_gzip(str_from(row->text)), row->gzip);
    assert_int_equal(accept_encoding_br(str_from(row->text)), row->br);
}

int main(void)
{
    SUITE_ROWS(accept_encoding_reads, headers);
    return suite_run("server/accept_encoding");
}
