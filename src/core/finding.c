/* finding.c - see finding.h. A byte of format, then the fields in the order of the struct, then each fact. */
#include "core/finding.h"

#include "base/pack.h"
#include "base/utf8.h"

enum { FORMAT = 1, FACT_NUMBER = 0, FACT_TEXT = 1 };

/* ---- facts ---- */

static void copy_cut(char *out, size_t size, struct str text)
{
    struct str cut = utf8_cut(text, size - 1);

    memset(out, 0, size);
    memcpy(out, cut.n == 0 ? "" : cut.p, cut.n);
}

static struct fact *next_fact(struct finding *f, const char *name)
{
    if (f->n_facts == FINDING_FACTS_MAX)
        return NULL;
    struct fact *fact = &f->facts[f->n_facts++];
    *fact = (struct fact){.number = 0};
    copy_cut(fact->name, sizeof fact->name, str_from(name));
    return fact;
}

void finding_number(struct finding *f, const char *name, int64_t number)
{
    struct fact *fact = next_fact(f, name);

    if (fact != NULL)
        fact->number = number;
}

void finding_text(struct finding *f, const char *name, struct str text)
{
    struct fact *fact = next_fact(f, name);
    bool is_text = text.n > 0 && utf8_printable(text);

    if (fact != NULL)
        copy_cut(fact->text, sizeof fact->text, is_text ? text : STR("?"));
}

static const char credential[] = "credential", access_token[] = "access_token";

void finding_by_token(struct finding *f)
{
    finding_text(f, credential, str_from(access_token));
}

bool finding_is_by_token(const struct finding *f)
{
    for (size_t i = 0; i < f->n_facts; i++)
        if (strcmp(f->facts[i].name, credential) == 0 && strcmp(f->facts[i].text, access_token) == 0)
            return true;
    return false;
}

/* ---- as bytes ---- */

static void pack_fact(struct packer *to, const struct fact *fact)
{
    bool is_text = fact->text[0] != '\0';

    pack_str8(to, str_from(fact->name));
    pack_u8(to, is_text ? FACT_TEXT : FACT_NUMBER);
    if (is_text)
        pack_str8(to, str_from(fact->text));
    else
        pack_u64(to, (uint64_t)fact->number);
}

size_t finding_encode(const struct finding *f, uint8_t out[FINDING_MAX])
{
    struct packer to = {.p = out, .cap = FINDING_MAX};

    pack_u8(&to, FORMAT);
    pack_u8(&to, (uint8_t)f->detector);
    pack_str8(&to, str_from(f->subject));
    pack_str8(&to, str_from(f->key_id));
    pack_str8(&to, str_from(f->account));
    pack_u8(&to, (uint8_t)f->environment);
    pack_u64(&to, (uint64_t)f->began_us);
    pack_u64(&to, (uint64_t)f->found_us);
    pack_bytes(&to, f->request_id, sizeof f->request_id);
    pack_u8(&to, (uint8_t)f->n_facts);
    for (size_t i = 0; i < f->n_facts; i++)
        pack_fact(&to, &f->facts[i]);
    return to.n;
}

static void unpack_text(struct unpacker *from, char *out, size_t size)
{
    struct str s = unpack_str8(from);

    if (s.n >= size || (s.n > 0 && !utf8_printable(s))) {
        from->bad = true;
        return;
    }
    copy_cut(out, size, s);
}

static void unpack_fact(struct unpacker *from, struct fact *out)
{
    unpack_text(from, out->name, sizeof out->name);
    switch (unpack_u8(from)) {
    case FACT_NUMBER:
        out->number = (int64_t)unpack_u64(from);
        return;
    case FACT_TEXT:
        unpack_text(from, out->text, sizeof out->text);
        from->bad = from->bad || out->text[0] == '\0';
        return;
    }
    from->bad = true;
}

static void unpack_facts(struct unpacker *from, struct finding *f)
{
    f->n_facts = unpack_u8(from);
    if (f->n_facts > FINDING_FACTS_MAX) {
        from->bad = true;
        f->n_facts = 0;
    }
    for (size_t i = 0; i < f->n_facts; i++)
        unpack_fact(from, &f->facts[i]);
}

enum kw_err finding_decode(struct str bytes, struct finding *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};

    if (bytes.n > 0 && unpack_u8(&from) != FORMAT)
        return KW_EFORMAT;
    struct finding f = {.detector = unpack_u8(&from)};
    unpack_text(&from, f.subject, sizeof f.subject);
    unpack_text(&from, f.key_id, sizeof f.key_id);
    unpack_text(&from, f.account, sizeof f.account);
    f.environment = unpack_u8(&from);
    f.began_us = (int64_t)unpack_u64(&from);
    f.found_us = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, f.request_id, sizeof f.request_id);
    unpack_facts(&from, &f);
    bool is_known = (unsigned)f.detector < N_DETECTORS && f.environment <= KW_PRODUCTION;
    if (!unpack_done(&from) || !is_known)
        return KW_EDAMAGED;
    *out = f;
    return KW_OK;
}
