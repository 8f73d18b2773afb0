#!/bin/bash
# configure.sh - asks nginx-dev for the headers and the stub that a module of exactly this nginx needs.
#
# usage: configure.sh FOLDER-FOR-THE-RESULT
#
# nginx-dev ships nginx's own configure. It must run once with the flags that nginx was built with, because struct
# layouts depend on them; nginx compares them with its own (the "binary signature") before it loads the module.
set -eu
out=$1
mkdir -p "$out/module"

# HTTP_AUX_FILTER puts us in front of copy_filter in nginx's order of modules, so that our header filter is registered
# after nginx's own (it would be lost before them) and our phase handler after those of realip and limit_req.
cat >"$out/module/config" <<'CONFIG'
ngx_addon_name=ngx_http_keyward_module
ngx_module_type=HTTP_AUX_FILTER
ngx_module_name=ngx_http_keyward_module
ngx_module_srcs="$ngx_addon_dir/module.c"
. auto/module
CONFIG
out=$(cd "$out" && pwd)

cd /usr/share/nginx/src
# shellcheck disable=SC1091 # it comes with nginx-dev
. ./conf_flags
if ! ./configure "${NGX_CONF_FLAGS[@]}" --builddir="$out" --add-dynamic-module="$out/module" >"$out/configure.log" 2>&1; then
    tail -n 20 "$out/configure.log" >&2
    exit 1
fi
