package dev.codchi.hostintegration.desktop;

/**
 * Codchi's picture: a ring with an opening, drawn from the same numbers as a vector file for menus
 * and as pixels for the tray, so that neither needs a graphics library.
 */
public final class CodchiIcon {
  private static final int BACKGROUND = 0x22577a;
  private static final int FOREGROUND = 0xe8f1f2;

  /** Parts of the whole picture's width. */
  private static final double CORNER = 0.22;

  private static final double RING = 0.27;
  private static final double STROKE = 0.13;

  /** Half of the opening's angle, to the right. */
  private static final double OPENING = Math.toRadians(40);

  private CodchiIcon() {}

  /** The picture as a vector file. */
  public static String svg() {
    double x = 0.5 + RING * Math.cos(OPENING);
    double y = RING * Math.sin(OPENING);
    return String.format(
        java.util.Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" width="128" height="128">
          <rect width="1" height="1" rx="%1$.2f" fill="#%2$06x"/>
          <path d="M%3$.4f %4$.4f A%5$.2f %5$.2f 0 1 0 %3$.4f %6$.4f" fill="none" stroke="#%7$06x" stroke-width="%8$.2f" stroke-linecap="round"/>
        </svg>
        """,
        CORNER,
        BACKGROUND,
        x,
        0.5 - y,
        RING,
        0.5 + y,
        FOREGROUND,
        STROKE);
  }

  /**
   * The picture as pixels.
   *
   * @param size width and height
   * @return alpha, red, green and blue of each pixel, row by row from the top left, as the
   *     StatusNotifierItem interface wants them
   */
  public static byte[] argb(int size) {
    byte[] pixels = new byte[size * size * 4];
    double pixel = 1.0 / size;
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double x = (column + 0.5) * pixel - 0.5;
        double y = (row + 0.5) * pixel - 0.5;
        double inside = covered(square(x, y), pixel);
        double ring = covered(ring(x, y), pixel);
        int at = (row * size + column) * 4;
        pixels[at] = (byte) Math.round(inside * 255);
        for (int channel = 0; channel < 3; channel++) {
          int shift = 16 - 8 * channel;
          double under = BACKGROUND >> shift & 0xff;
          double over = FOREGROUND >> shift & 0xff;
          pixels[at + 1 + channel] = (byte) Math.round(under + (over - under) * ring);
        }
      }
    }
    return pixels;
  }

  /** How much of a pixel is covered, from the distance of its centre to the shape's edge. */
  private static double covered(double distance, double pixel) {
    return Math.clamp(0.5 - distance / pixel, 0, 1);
  }

  /** Distance to a square with round corners, negative inside. */
  private static double square(double x, double y) {
    double dx = Math.abs(x) - (0.5 - CORNER);
    double dy = Math.abs(y) - (0.5 - CORNER);
    double outside = Math.hypot(Math.max(dx, 0), Math.max(dy, 0));
    return outside + Math.min(Math.max(dx, dy), 0) - CORNER;
  }

  /** Distance to the open ring with round ends, negative inside. */
  private static double ring(double x, double y) {
    double angle = Math.abs(Math.atan2(y, x));
    if (angle >= OPENING) {
      return Math.abs(Math.hypot(x, y) - RING) - STROKE / 2;
    }
    double endX = RING * Math.cos(OPENING);
    double endY = RING * Math.sin(OPENING);
    return Math.hypot(x - endX, Math.abs(y) - endY) - STROKE / 2;
  }
}
