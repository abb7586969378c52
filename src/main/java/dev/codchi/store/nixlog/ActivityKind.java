package dev.codchi.store.nixlog;

/** What nix can be busy with; the numbers are {@code ActivityType} of nix's {@code logging.hh}. */
public enum ActivityKind {
  UNKNOWN(0),
  COPY_PATH(100),
  FILE_TRANSFER(101),
  REALISE(102),
  COPY_PATHS(103),
  BUILDS(104),
  BUILD(105),
  OPTIMISE_STORE(106),
  VERIFY_PATHS(107),
  SUBSTITUTE(108),
  QUERY_PATH_INFO(109),
  POST_BUILD_HOOK(110),
  BUILD_WAITING(111),
  FETCH_TREE(112);

  private final int number;

  ActivityKind(int number) {
    this.number = number;
  }

  /** The kind with this number; {@link #UNKNOWN} for numbers of newer versions of nix. */
  static ActivityKind of(long number) {
    for (ActivityKind kind : values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    return UNKNOWN;
  }
}
