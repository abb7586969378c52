package dev.codchi.export;

/**
 * What an archive says of one member. Names are bytes: each character is one byte (ISO 8859-1), so
 * that names that are no UTF-8 pass unchanged.
 *
 * @param path as it stands in the archive
 * @param type the type flag of POSIX.1-2017 "pax": {@code '0'} file, {@code '1'} hard link, {@code
 *     '2'} symbolic link, {@code '3'} and {@code '4'} devices, {@code '5'} directory, {@code '6'}
 *     named pipe; {@code 'S'} GNU's old sparse file
 * @param link what a link leads to; empty for anything else
 * @param stored how many bytes of content follow in the archive
 * @param size how large the file is, holes included
 * @param device major and minor number of a device, {@code major << 32 | minor}
 */
record TarEntry(String path, char type, String link, long stored, long size, long device) {
  static final char FILE = '0';
  static final char HARD_LINK = '1';
  static final char SYMBOLIC_LINK = '2';
  static final char CHARACTER_DEVICE = '3';
  static final char BLOCK_DEVICE = '4';
  static final char DIRECTORY = '5';
  static final char PIPE = '6';
  static final char SPARSE = 'S';

  /** The path without {@code ./} at its beginning and {@code /} at its end; empty for the root. */
  String name() {
    int begin = 0;
    while (path.startsWith("./", begin)) {
      begin += 2;
    }
    int end = path.length();
    while (end > begin && path.charAt(end - 1) == '/') {
      end--;
    }
    String name = path.substring(begin, end);
    return name.equals(".") ? "" : name;
  }

  /**
   * The member as it is below a directory whose name, ending in {@code /}, all names begin with.
   */
  TarEntry below(String directory) {
    if (directory.isEmpty() || !path.startsWith(directory)) {
      return this;
    }
    String target =
        type == HARD_LINK && link.startsWith(directory) ? link.substring(directory.length()) : link;
    return new TarEntry(
        "./" + path.substring(directory.length()), type, target, stored, size, device);
  }
}
