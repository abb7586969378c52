/* protect FUNCTION: calls CryptProtectData or CryptUnprotectData with what is on standard input, and writes what it gave back.
   In: flags, length of the data, length of the entropy (32 bits each), data, entropy. Out: result, error, length (32 bits each), data. */
#include <windows.h>
#include <dpapi.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments) {
  DWORD header[3];
  static BYTE data[65536], entropy[65536];
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
  if (count != 2 || fread(header, sizeof header, 1, stdin) != 1 || header[1] > sizeof data || header[2] > sizeof entropy) return 2;
  if (fread(data, 1, header[1], stdin) != header[1] || fread(entropy, 1, header[2], stdin) != header[2]) return 2;
  DATA_BLOB in = {header[1], data}, bound = {header[2], entropy}, out = {0, NULL};
  BOOL done = strcmp(arguments[1], "CryptProtectData") == 0
                  ? CryptProtectData(&in, NULL, &bound, NULL, NULL, header[0], &out)
                  : CryptUnprotectData(&in, NULL, &bound, NULL, NULL, header[0], &out);
  DWORD answer[3] = {done, done ? 0 : GetLastError(), done ? out.cbData : 0};
  fwrite(answer, sizeof answer, 1, stdout);
  if (done) fwrite(out.pbData, 1, out.cbData, stdout);
  return 0;
}
