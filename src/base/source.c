/* source.c - reading inputs whole, writing outputs whole, and hashing them. */
#include "base/source.h"

#include <errno.h>
#include <inttypes.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/memory.h"

struct rw_source *rw_source_text(const char *name, const char *text, size_t size)
{
    struct rw_source *source = rw_alloc(1, sizeof *source);
    source->name = rw_strdup(name);
    source->text = rw_strndup(text, size);
    source->size = size;
    return source;
}

void rw_source_free(struct rw_source *source)
{
    if (source == NULL)
        return;
    free(source->name);
    free(source->text);
    free(source);
}

/* Reads to the end, one byte more than the limit at most. false: a read error, or too large. */
static bool read_all(FILE *in, struct rw_source *source, uint64_t max_bytes, struct rw_diag *diag)
{
    size_t capacity = 0;
    for (;;) {
        source->text = rw_grow(source->text, &capacity, source->size + 65537, 1);
        size_t got = fread(source->text + source->size, 1, capacity - source->size - 1, in);
        source->size += got;
        source->text[source->size] = '\0';
        if (source->size > max_bytes) {
            rw_diag_limit(diag, rw_span_none(), "file-bytes", "'%s' is larger than %" PRIu64 " bytes", source->name,
                          max_bytes);
            return false;
        }
        if (got == 0)
            break;
    }
    if (ferror(in)) {
        rw_diag_io(diag, rw_span_none(), "cannot read '%s': %s", source->name, strerror(errno));
        return false;
    }
    return true;
}

struct rw_source *rw_source_read(const char *path, uint64_t max_bytes, struct rw_diag *diag)
{
    bool standard_input = strcmp(path, "-") == 0;
    FILE *in = standard_input ? stdin : fopen(path, "rb");
    if (in == NULL) {
        rw_diag_io(diag, rw_span_none(), "cannot open '%s': %s", path, strerror(errno));
        return NULL;
    }
    struct rw_source *source = rw_alloc(1, sizeof *source);
    source->name = rw_strdup(standard_input ? "<stdin>" : path);
    bool good = read_all(in, source, max_bytes, diag);
    if (!standard_input)
        fclose(in);
    if (good)
        return source;
    rw_source_free(source);
    return NULL;
}

static bool write_directly(FILE *out, const char *name, bool (*write)(FILE *out, void *context), void *context,
                           struct rw_diag *diag)
{
    errno = 0;
    bool good = write(out, context) && fflush(out) == 0 && !ferror(out);
    if (!good)
        rw_diag_io(diag, rw_span_none(), "cannot write '%s': %s", name, strerror(errno != 0 ? errno : EIO));
    return good;
}

/* Permissions of the file to be replaced, or those a new file would get. */
static mode_t target_mode(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return status.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool write_beside(const char *path, bool (*write)(FILE *out, void *context), void *context, struct rw_diag *diag)
{
    char *temporary = rw_format("%s.XXXXXX", path);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0) {
        rw_diag_io(diag, rw_span_none(), "cannot write '%s': %s", path, strerror(errno));
        free(temporary);
        return false;
    }
    FILE *out = fdopen(descriptor, "wb");
    if (out == NULL)
        rw_out_of_memory(sizeof *out);
    bool good = fchmod(descriptor, target_mode(path)) == 0 && write_directly(out, path, write, context, diag);
    if (fclose(out) != 0 && good) {
        rw_diag_io(diag, rw_span_none(), "cannot write '%s': %s", path, strerror(errno));
        good = false;
    }
    if (good && rename(temporary, path) != 0) {
        rw_diag_io(diag, rw_span_none(), "cannot write '%s': %s", path, strerror(errno));
        good = false;
    }
    if (!good)
        unlink(temporary);
    free(temporary);
    return good;
}

bool rw_write_whole(const char *path, bool (*write)(FILE *out, void *context), void *context, struct rw_diag *diag)
{
    if (strcmp(path, "-") == 0)
        return write_directly(stdout, "<stdout>", write, context, diag);
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return write_beside(path, write, context, diag);
    FILE *out = S_ISDIR(status.st_mode) ? NULL : fopen(path, "wb");
    if (out == NULL) {
        rw_diag_io(diag, rw_span_none(), "cannot write '%s': %s", path,
                   S_ISDIR(status.st_mode) ? strerror(EISDIR) : strerror(errno));
        return false;
    }
    bool good = write_directly(out, path, write, context, diag);
    fclose(out);
    return good;
}

void rw_sha256(const void *data, size_t size, char hex[65])
{
    struct sha256_ctx context;
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_init(&context);
    sha256_update(&context, size, data);
    sha256_digest(&context, sizeof digest, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}
