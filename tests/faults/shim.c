/*
 * Preloaded into a process, makes calls of the system on the files of a database fail: one, once, or several in a row.
 *
 *   PURLIN_FAULT_PATH    the files: those whose path begins like this
 *   PURLIN_FAULT_CALLS   the calls that are counted: any of write, sync, read, truncate, with commas between
 *   PURLIN_FAULT_AT      the call that fails, from 1; 0 counts only
 *   PURLIN_FAULT_COUNT   how many fail from there on; 1 where it is not set
 *   PURLIN_FAULT_ERROR   EIO or ENOSPC
 *   PURLIN_FAULT_REPORT  a file that gets a line when the call has failed, and one with the counts at the end
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { WRITE, SYNC, READ, TRUNCATE, KINDS };

static const char *const NAMES[KINDS] = {"write", "sync", "read", "truncate"};
static const char *path, *report;
static size_t path_length;
static int chosen[KINDS];
static long at, count = 1;
static int error = EIO;
static atomic_long counts[KINDS];
static atomic_long chosen_count;

__attribute__((constructor)) static void begin(void) {
  path = getenv("PURLIN_FAULT_PATH");
  path_length = path ? strlen(path) : 0;
  report = getenv("PURLIN_FAULT_REPORT");
  const char *calls = getenv("PURLIN_FAULT_CALLS");
  for (int kind = 0; kind < KINDS; kind++) chosen[kind] = calls && strstr(calls, NAMES[kind]);
  const char *number = getenv("PURLIN_FAULT_AT");
  at = number ? atol(number) : 0;
  const char *several = getenv("PURLIN_FAULT_COUNT");
  if (several) count = atol(several);
  const char *name = getenv("PURLIN_FAULT_ERROR");
  if (name && strcmp(name, "ENOSPC") == 0) error = ENOSPC;
}

static void say(const char *text) {
  if (!report) return;
  /* Calls of the system alone: the functions of the library are those that are replaced below. */
  int file = (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  (void)syscall(SYS_write, file, text, strlen(text));
  (void)syscall(SYS_close, file);
}

__attribute__((destructor)) static void end(void) {
  if (!path) return;
  char text[200];
  snprintf(text, sizeof text, "counts %ld %ld %ld %ld\n", atomic_load(&counts[WRITE]), atomic_load(&counts[SYNC]),
           atomic_load(&counts[READ]), atomic_load(&counts[TRUNCATE]));
  say(text);
}

/* Whether this call is the one that fails. */
static int fails(int file, enum kind kind) {
  if (!path) return 0;
  char link[64], target[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, target, sizeof target - 1);
  if (length < (ssize_t)path_length || strncmp(target, path, path_length) != 0) return 0;
  atomic_fetch_add(&counts[kind], 1);
  if (!chosen[kind]) return 0;
  long call = atomic_fetch_add(&chosen_count, 1) + 1;
  if (at == 0 || call < at || call >= at + count) return 0;
  target[length] = 0;
  char text[4300];
  snprintf(text, sizeof text, "failed %s %s\n", NAMES[kind], target + path_length);
  say(text);
  errno = error;
  return 1;
}

#define REPLACE(kind, result, name, parameters, arguments) \
  result name parameters {                                  \
    static result(*real) parameters;                        \
    if (!real) real = dlsym(RTLD_NEXT, #name);              \
    if (fails(file, kind)) return -1;                       \
    return real arguments;                                  \
  }

REPLACE(WRITE, ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size))
REPLACE(WRITE, ssize_t, pwrite, (int file, const void *bytes, size_t size, off_t place), (file, bytes, size, place))
REPLACE(WRITE, ssize_t, pwrite64, (int file, const void *bytes, size_t size, off64_t place), (file, bytes, size, place))
REPLACE(READ, ssize_t, read, (int file, void *bytes, size_t size), (file, bytes, size))
REPLACE(READ, ssize_t, pread, (int file, void *bytes, size_t size, off_t place), (file, bytes, size, place))
REPLACE(READ, ssize_t, pread64, (int file, void *bytes, size_t size, off64_t place), (file, bytes, size, place))
REPLACE(SYNC, int, fsync, (int file), (file))
REPLACE(SYNC, int, fdatasync, (int file), (file))
REPLACE(TRUNCATE, int, ftruncate, (int file, off_t size), (file, size))
REPLACE(TRUNCATE, int, ftruncate64, (int file, off64_t size), (file, size))
