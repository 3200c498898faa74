#!/bin/sh
# Starts Nginx in a container: renders the templates with what PUBLIC_ORIGIN says. Needs PUBLIC_ORIGIN,
# LISTEN, IDENTITY_ADDRESS and INVENTORY_ADDRESS, and this directory mounted beside the script; serves
# https when TLS_CERTIFICATE, TLS_CERTIFICATE_KEY and TLS_LISTEN are set too. Arguments go to Nginx.
set -eu
export RUN_DIR="${RUN_DIR:-/tmp/nginx}" ACCESS_LOG=/dev/stdout
export PUBLIC_SCHEME="${PUBLIC_ORIGIN%%://*}" PUBLIC_HOST="${PUBLIC_ORIGIN#*://}"
export SERVER_NAME="${PUBLIC_HOST%:*}" COOKIE_PREFIX= COOKIE_SECURE=
if [ "$PUBLIC_SCHEME" = https ] || [ "$SERVER_NAME" = localhost ]; then
    COOKIE_PREFIX=__Host- COOKIE_SECURE='; Secure'
fi
marks=without-tls
if [ -n "${TLS_CERTIFICATE:-}" ]; then
    case "$(nginx -v 2>&1)" in
        */1.[0-9].* | */1.1[0-9].* | */1.2[0-4].* | */1.25.0*) marks=with-tls TLS_LISTEN="$TLS_LISTEN http2" ;;
        *) marks='with-tls|http2' ;;
    esac
fi
rm -rf "$RUN_DIR"
cp -R "$(dirname "$0")" "$RUN_DIR"
for template in "$RUN_DIR"/*.template; do
    # shellcheck disable=SC2016 # envsubst wants the names, not the values
    sed -E "s/^( *)#($marks) */\1/" "$template" | envsubst '${LISTEN} ${PUBLIC_ORIGIN}
        ${PUBLIC_SCHEME} ${PUBLIC_HOST} ${SERVER_NAME} ${COOKIE_PREFIX} ${COOKIE_SECURE}
        ${IDENTITY_ADDRESS} ${INVENTORY_ADDRESS} ${RUN_DIR} ${ACCESS_LOG}
        ${TLS_LISTEN} ${TLS_CERTIFICATE} ${TLS_CERTIFICATE_KEY}' >"${template%.template}"
done
exec nginx -p "$RUN_DIR" -c "$RUN_DIR/nginx.conf" -g 'daemon off;' "$@"
