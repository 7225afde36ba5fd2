#!/bin/sh
# Runs a Criterion program so that it speaks TAP on standard output; automake's TAP driver reads that.
exec "$@" --tap=-
