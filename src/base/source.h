/* source.h - the whole text of an input, with a name for messages. */
#ifndef RW_BASE_SOURCE_H
#define RW_BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct rw_diag;

struct rw_source {
    char *name; /* as the user gave it; "<stdin>" for "-" */
    char *text; /* size bytes and a terminating NUL that size does not count */
    size_t size;
};

/* Reads a file, or standard input for "-". NULL and a diagnostic if it cannot be read, is a directory,
 * or is larger than max_bytes (limit "file-bytes"). Caller frees. */
struct rw_source *rw_source_read(const char *path, uint64_t max_bytes, struct rw_diag *diag);
/* A source from text in memory (copied), for tests and for arguments. */
struct rw_source *rw_source_text(const char *name, const char *text, size_t size);
void rw_source_free(struct rw_source *source);

/* Writes a file whole or not at all: a temporary beside it, then a rename; an existing file keeps its permissions. What is not a
 * regular file (/dev/null, a pipe) is written directly, "-" is standard output. `write` returns false if it failed.
 * false and a diagnostic on failure. */
bool rw_write_whole(const char *path, bool (*write)(FILE *out, void *context), void *context, struct rw_diag *diag);

/* SHA-256 of some bytes as 64 lower-case hexadecimal digits and a NUL. */
void rw_sha256(const void *data, size_t size, char hex[65]);

#endif
