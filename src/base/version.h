/* version.h - the version that net files and --version name; configure.ac reads it from here. */
#ifndef RW_BASE_VERSION_H
#define RW_BASE_VERSION_H

#define RW_VERSION "0.1.0"

#endif
