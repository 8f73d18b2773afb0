/* egress.h - where calls that leave the machine may go. */
#ifndef NOTIFY_EGRESS_H
#define NOTIFY_EGRESS_H

#include "core/address.h"
#include "core/authority.h"

/* Somebody who may name a URL that we call must not reach what only this machine can: its own services, its neighbours, the
 * metadata of a cloud. So a URL is looked at when it is given, and every address again when it is connected to: a name says
 * nothing about where it leads tomorrow. This is the one place that knows which addresses are public; whoever calls anything
 * that a customer named asks here. No state, any thread. */
enum { EGRESS_URL_MAX = 512, EGRESS_NETS_MAX = 16, EGRESS_PORTS_MAX = 8, EGRESS_WHY_MAX = 160 };

struct egress_rules {                          /* what the operator set; zero: the defaults */
    struct address_rule nets[EGRESS_NETS_MAX]; /* may be called although they are not public; no classes */
    size_t n_nets;
    uint16_t ports[EGRESS_PORTS_MAX]; /* n_ports 0: 443 and 8443 */
    size_t n_ports;
};

/* "10.1.0.0/16": a network for `nets`. KW_ESYNTAX, KW_ERANGE as address_rule_parse; KW_EINVAL: it is of those that are
 * never called, whoever allows it: link-local addresses, with the metadata of clouds; multicast; unspecified; those of 6to4 and the like. */
enum kw_err egress_net_parse(struct str text, struct address_rule *out) MUST_USE;

/* Whether an address may be called; where NAT64 is allowed, it and the one behind it. If not, *what says what it is, as "a private address"; static. */
bool egress_permits(const struct egress_rules *rules, const struct address *a, const char **what);

/* https://host[:port][/path][?query]: lower case host, no user, no fragment, a port that is permitted; visible ASCII. A host
 * that is an address, in brackets or as four decimal numbers, has to be permitted; every other spelling of an address (127.1,
 * 0x7f000001, 2130706433) is refused, and so are names of this machine or of a local network, unless some network that is not
 * public may be called. On KW_EINVAL (the only error), why is a sentence. *out borrows from url; its port is 443 where none was given. */
enum kw_err egress_url_check(const struct egress_rules *rules, struct str url,
                             struct authority *out, char why[EGRESS_WHY_MAX]) MUST_USE;

#endif
