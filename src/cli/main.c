/* main.c - the program: for now its version; the commands come with their files. */
#include <stdio.h>
#include <string.h>

#include "base/version.h"

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("rnnwit " RW_VERSION);
        return 0;
    }
    fputs("usage: rnnwit --version\n", stderr);
    return 2;
}
