/* progress.c - a line on the terminal while something takes long, and a clean stop on Ctrl-C.
 *
 * The first Ctrl-C asks the work to stop, which leaves a partial report; if that does not come soon, or on a second
 * one, the program ends. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"

/* Seconds before anything is drawn and before a second Ctrl-C counts, between two drawings, and from Ctrl-C to the hard
 * end. */
#define PATIENCE 0.5
#define PERIOD   0.1
#define GRACE    5

static volatile sig_atomic_t interrupted;
static double interrupted_at; /* written once, by the handler */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* timeout(1) sends the signal to the process and to its group: what comes at once is the same Ctrl-C. */
static void on_interrupt(int number)
{
    (void)number;
    if (interrupted && now() > interrupted_at + PATIENCE)
        _exit(RW_EXIT_INTERRUPTED);
    if (interrupted)
        return;
    interrupted_at = now();
    interrupted = 1;
    alarm(GRACE);
}

static void on_alarm(int number)
{
    (void)number;
    _exit(RW_EXIT_INTERRUPTED);
}

void rw_cli_catch_interrupts(void)
{
    signal(SIGINT, on_interrupt);
    signal(SIGALRM, on_alarm);
}

bool rw_cli_interrupted(void)
{
    return interrupted != 0;
}

struct terminal_progress {
    struct rw_progress base;
    const char *what;    /* the work in hand; borrowed */
    double began, drawn; /* when it began, and when the line was drawn last */
    bool visible;
};

static void draw(struct terminal_progress *progress, const char *what, uint64_t done, uint64_t total, double seconds)
{
    fprintf(stderr, "\r\033[K%s: %" PRIu64, what, done);
    if (total > 0 && done > 0 && done <= total)
        fprintf(stderr, " of %" PRIu64 " (%.0f %%), about %.0f s left", total, 100.0 * (double)done / (double)total,
                seconds * (double)(total - done) / (double)done);
    fflush(stderr);
    progress->visible = true;
}

static bool report(struct rw_progress *base, const char *what, uint64_t done, uint64_t total)
{
    struct terminal_progress *progress = (struct terminal_progress *)base;
    double time = now();
    if (progress->what != what) {
        progress->what = what;
        progress->began = time;
        progress->drawn = time + PATIENCE - PERIOD;
    }
    if (time >= progress->drawn + PERIOD && isatty(STDERR_FILENO)) {
        draw(progress, what == NULL ? "working" : what, done, total, time - progress->began);
        progress->drawn = time;
    }
    return !interrupted;
}

static struct terminal_progress the_progress = {.base = {report}};

struct rw_progress *rw_cli_progress(void)
{
    return &the_progress.base;
}

void rw_cli_progress_clear(void)
{
    if (the_progress.visible)
        fputs("\r\033[K", stderr);
    the_progress.visible = false;
}
