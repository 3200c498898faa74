#!/bin/sh
# Starts Nginx in a container: renders the template with what PUBLIC_ORIGIN says. Needs PUBLIC_ORIGIN,
# LISTEN, IDENTITY_ADDRESS and INVENTORY_ADDRESS, and this directory mounted beside the script.
set -eu
export RUN_DIR=/tmp/nginx ACCESS_LOG=/dev/stdout
export PUBLIC_SCHEME="${PUBLIC_ORIGIN%%://*}" PUBLIC_HOST="${PUBLIC_ORIGIN#*://}"
export SERVER_NAME="${PUBLIC_HOST%:*}" COOKIE_PREFIX=
if [ "$PUBLIC_SCHEME" = https ] || [ "$SERVER_NAME" = localhost ]; then COOKIE_PREFIX=__Host-; fi
rm -rf "$RUN_DIR"
cp -R "$(dirname "$0")" "$RUN_DIR"
# shellcheck disable=SC2016 # envsubst wants the names, not the values
envsubst '${LISTEN} ${PUBLIC_ORIGIN} ${PUBLIC_SCHEME} ${PUBLIC_HOST} ${SERVER_NAME} ${COOKIE_PREFIX}
    ${IDENTITY_ADDRESS} ${INVENTORY_ADDRESS} ${RUN_DIR} ${ACCESS_LOG}' \
    <"$RUN_DIR/nginx.conf.template" >"$RUN_DIR/nginx.conf"
exec nginx -p "$RUN_DIR" -c "$RUN_DIR/nginx.conf" -g 'daemon off;'
