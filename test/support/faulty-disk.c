/* Preloaded before the C library. While a file named after a fault is in the folder FAULTY_DISK, calls on files in that folder fail in this way. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_in(int fd, const char *folder) {
  char link[64], file[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, file, sizeof file);
  size_t start = strlen(folder);
  return length > (ssize_t)start && memcmp(file, folder, start) == 0 && file[start] == '/';
}

static int fails(int fd, const char *how) {
  char file[4096];
  const char *folder = getenv("FAULTY_DISK");
  if (folder == NULL) return 0;
  snprintf(file, sizeof file, "%s/%s", folder, how);
  return syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0 && is_in(fd, folder);
}

static int refusal(int fd) {
  if (fails(fd, "full")) return ENOSPC;
  if (fails(fd, "read-only")) return EROFS;
  if (fails(fd, "over-quota")) return EDQUOT;
  return fails(fd, "broken") ? EIO : 0;
}

static int sync_with(long call, int fd) {
  if (!fails(fd, "sync")) return syscall(call, fd);
  errno = EIO;
  return -1;
}

int fsync(int fd) { return sync_with(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_with(SYS_fdatasync, fd); }

static ssize_t put(int fd, const void *bytes, size_t count, off_t at) {
  errno = refusal(fd);
  return errno ? -1 : syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return put(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return put(fd, bytes, count, at); }

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
  errno = refusal(fd);
  return errno ? -1 : syscall(SYS_pwritev, fd, parts, count, at, 0);
}

/* Returns the error and does not set errno. */
int posix_fallocate(int fd, off_t at, off_t count) {
  int error = refusal(fd);
  return error ? error : syscall(SYS_fallocate, fd, 0, at, count) == 0 ? 0 : errno;
}
