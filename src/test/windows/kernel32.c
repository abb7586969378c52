/* LocalFree of windows.h for what crypt32.c allocated; aborts when the caller has left anything in it. */
#include <malloc.h>
#include <stdlib.h>

void *LocalFree(unsigned char *memory) {
  size_t size = malloc_usable_size(memory);
  unsigned left = 0;
  /* The allocator may give more than was asked for, but the first 32 bytes are always the caller's: a key, or a seal. */
  for (size_t i = 0; i < 32 && i < size; i++) left |= memory[i];
  if (left) abort();
  free(memory);
  return 0;
}
