package dev.store.cli.print;

import com.google.protobuf.ByteString;

/** Words and numbers as people read them. */
public final class Text {
    private static final char[] HEX = "0123456789abcdef".toCharArray();
    private static final long KIB = 1024;

    private Text() {}

    /** Bytes on one line of a screen: control characters, and bytes that are no UTF-8, are escaped. */
    public static String line(ByteString bytes) {
        StringBuilder text = new StringBuilder();
        if (bytes.isValidUtf8()) {
            String string = bytes.toStringUtf8();
            for (int i = 0; i < string.length(); i++) {
                escape(text, string.charAt(i));
            }
        } else {
            for (int i = 0; i < bytes.size(); i++) {
                int b = bytes.byteAt(i) & 0xff;
                if (b >= 0x7f) {
                    hex(text, b);
                } else {
                    escape(text, (char) b);
                }
            }
        }
        return text.toString();
    }

    private static void escape(StringBuilder text, char c) {
        switch (c) {
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            case '\\' -> text.append("\\\\");
            default -> {
                // The C1 controls (0x80 to 0x9f) steer terminals as escape sequences do.
                if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
                    hex(text, c);
                } else {
                    text.append(c);
                }
            }
        }
    }

    private static void hex(StringBuilder text, int b) {
        text.append("\\x").append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
    }

    /** A number of bytes, in three digits or so: {@code 17 B}, {@code 1.5 MiB}. */
    public static String bytes(long bytes) {
        if (bytes < KIB) {
            return bytes + " B";
        }
        String units = "KMGTPE";
        long unit = KIB;
        int i = 0;
        while (bytes / unit >= KIB && i < units.length() - 1) {
            unit *= KIB;
            i++;
        }
        long tenths = Math.round(10.0 * bytes / unit);
        String number = tenths >= 100 || tenths % 10 == 0 ? "" + tenths / 10 : tenths / 10 + "." + tenths % 10;
        return number + " " + units.charAt(i) + "iB";
    }

    /** A time to live or an age: {@code 850 ms}, {@code 12 s}, {@code 3 min 20 s}, {@code 2 h 5 min}. */
    public static String duration(long millis) {
        long seconds = millis / 1000;
        if (millis < 1000) {
            return millis + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h" + (seconds / 60 % 60 == 0 ? "" : " " + seconds / 60 % 60 + " min");
        }
        return seconds / 86_400 + " d" + (seconds / 3600 % 24 == 0 ? "" : " " + seconds / 3600 % 24 + " h");
    }

    /** A noun with its number. */
    public static String count(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
