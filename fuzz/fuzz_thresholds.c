/* fuzz_thresholds.c - what an account chose is read again as it was printed, and every number lies within its bounds. */
#include "core/thresholds.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char printed[THRESHOLDS_DOCUMENT_MAX], reprinted[THRESHOLDS_DOCUMENT_MAX];
    struct thresholds t = {.of = {77}}, again;
    unsigned line = 0;

    enum kw_err err = thresholds_read((struct str){(const char *)data, n}, &t, &line);
    if (err != KW_OK) {
        MUST((err == KW_ESYNTAX || err == KW_ERANGE) && t.of[0] == 77 && line <= n + 1);
        return 0;
    }
    for (enum threshold i = 0; i < N_THRESHOLDS; i++)
        MUST(t.of[i] >= threshold_least(i) && t.of[i] <= threshold_most(i));
    for (enum detector d = 0; d < N_DETECTORS; d++)
        MUST(t.rule[d].action == ALERT_NOTIFY || detector_may_act(d));
    size_t len = thresholds_print(&t, printed);
    MUST(thresholds_read((struct str){printed, len}, &again, &line) == KW_OK);
    MUST(thresholds_print(&again, reprinted) == len && memcmp(printed, reprinted, len) == 0);
    return 0;
}
