/* Loaded before the C library: while a file of that name is in the folder FAULTY_DISK, the disk fails in that way. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(const char *how) {
  char file[4096];
  const char *folder = getenv("FAULTY_DISK");
  if (folder == NULL) return 0;
  snprintf(file, sizeof file, "%s/%s", folder, how);
  return syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0;
}

static long answer(int error) {
  errno = error;
  return -1;
}

int fsync(int fd) { return fails("sync") ? answer(EIO) : syscall(SYS_fsync, fd); }
int fdatasync(int fd) { return fails("sync") ? answer(EIO) : syscall(SYS_fdatasync, fd); }

static ssize_t put(int fd, const void *bytes, size_t count, off_t at) {
  if (fails("full")) return answer(ENOSPC);
  if (fails("read-only")) return answer(EROFS);
  return syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return put(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return put(fd, bytes, count, at); }
