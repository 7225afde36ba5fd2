/* Files: read whole with a limit, written whole or not at all. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/memory.h"
#include "base/source.h"

static bool write_good(FILE *out, void *context)
{
    return fputs(context, out) >= 0;
}

static bool write_bad(FILE *out, void *context)
{
    fputs(context, out);
    return false;
}

static char *scratch(void)
{
    char *folder = rw_strdup("/tmp/rnnwit-test-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    return folder;
}

Test(source, what_is_written_reads_back)
{
    char *folder = scratch(), *path = rw_format("%s/f", folder);
    struct rw_diag *diag = rw_diag_new(10);
    cr_assert(rw_write_whole(path, write_good, "hello\n", diag));
    struct rw_source *source = rw_source_read(path, 100, diag);
    cr_assert_str_eq(source->text, "hello\n");
    cr_assert_eq(source->size, 6);
    rw_source_free(source);
    rw_diag_free(diag);
    unlink(path);
    rmdir(folder);
    free(path);
    free(folder);
}

Test(source, a_failed_write_leaves_the_old_file_and_nothing_else)
{
    char *folder = scratch(), *path = rw_format("%s/f", folder);
    struct rw_diag *diag = rw_diag_new(10);
    cr_assert(rw_write_whole(path, write_good, "old", diag));
    cr_assert_eq(chmod(path, 0640), 0);
    cr_assert_not(rw_write_whole(path, write_bad, "new", diag));
    cr_assert_eq(rw_diag_exit_code(diag), 4);
    struct rw_source *source = rw_source_read(path, 100, diag);
    cr_assert_str_eq(source->text, "old");
    rw_source_free(source);
    cr_assert(rw_write_whole(path, write_good, "new", diag));
    struct stat status;
    cr_assert_eq(stat(path, &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0640, "a replaced file keeps its permissions");
    unlink(path);
    cr_assert_eq(rmdir(folder), 0, "nothing is left beside the file");
    rw_diag_free(diag);
    free(path);
    free(folder);
}

Test(source, unreadable_inputs_are_io_errors_and_large_ones_a_limit)
{
    struct rw_diag *diag = rw_diag_new(10);
    cr_assert_null(rw_source_read("/nonexistent/file", 100, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 4);
    rw_diag_clear(diag);
    cr_assert_null(rw_source_read("/tmp", 100, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 4);
    rw_diag_clear(diag);
    cr_assert_null(rw_source_read("/proc/self/status", 10, diag));
    cr_assert_eq(rw_diag_exit_code(diag), 3);
    rw_diag_clear(diag);
    cr_assert_not(rw_write_whole("/dev/full", write_good, "x", diag));
    cr_assert_not(rw_write_whole("/tmp", write_good, "x", diag));
    cr_assert_not(rw_write_whole("/nonexistent/file", write_good, "x", diag));
    cr_assert_eq(rw_diag_count(diag), 3);
    rw_diag_free(diag);
}

Test(source, sha256_is_the_standard_one)
{
    char hex[65];
    rw_sha256("abc", 3, hex);
    cr_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
