/* The functions of dpapi.h for a program on Linux: each call runs protect.exe (PROTECT_EXE) in Wine. Errors are in errno, where
   JNA looks for the last error on Linux. Built with -DPROTECT_EXE="PATH" -DPREFIX="DIRECTORY". */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  uint32_t size;
  uint8_t *bytes;
} blob;

static int whole(int fd, void *at, size_t size, int reading) {
  for (uint8_t *next = at; size > 0;) {
    ssize_t done = reading ? read(fd, next, size) : write(fd, next, size);
    if (done <= 0) return 0;
    next += done;
    size -= done;
  }
  return 1;
}

static int call(const char *function, blob *in, blob *bound, void *reserved, void *prompt, uint32_t flags, blob *out) {
  int to[2], from[2], status;
  /* What the real functions leave to the caller, and codchi must leave out. */
  if (reserved != NULL || prompt != NULL || pipe(to) != 0 || pipe(from) != 0) abort();
  pid_t child = fork();
  if (child == 0) {
    dup2(to[0], 0);
    dup2(from[1], 1);
    close(to[1]);
    close(from[0]);
    setenv("WINEPREFIX", PREFIX, 1);
    setenv("WINEDEBUG", "-all", 1);
    execlp("wine", "wine", PROTECT_EXE, function, (char *)NULL);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  uint32_t header[3] = {flags, in->size, bound->size}, answer[3];
  int good = whole(to[1], header, sizeof header, 0) && whole(to[1], in->bytes, in->size, 0) &&
             whole(to[1], bound->bytes, bound->size, 0) && whole(from[0], answer, sizeof answer, 1);
  if (good && answer[0]) {
    out->size = answer[2];
    out->bytes = malloc(answer[2]);
    good = whole(from[0], out->bytes, answer[2], 1);
  }
  close(to[1]);
  close(from[0]);
  waitpid(child, &status, 0);
  if (!good) {
    fprintf(stderr, "crypt32: %s in wine ended with %d\n", PROTECT_EXE, status);
    abort();
  }
  errno = answer[1];
  return answer[0];
}

int CryptProtectData(blob *in, void *description, blob *bound, void *reserved, void *prompt, uint32_t flags, blob *out) {
  if (description != NULL) abort();
  return call("CryptProtectData", in, bound, reserved, prompt, flags, out);
}

int CryptUnprotectData(blob *in, void **description, blob *bound, void *reserved, void *prompt, uint32_t flags, blob *out) {
  if (description != NULL) abort();
  return call("CryptUnprotectData", in, bound, reserved, prompt, flags, out);
}
