package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.cli.ExitCode;
import dev.store.cli.local.LocalFailure;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/** What users give in arguments, files and standard input. */
final class Input {
    private Input() {}

    /** An argument as bytes. */
    static ByteString bytes(String argument) {
        return ByteString.copyFromUtf8(argument);
    }

    /** All of standard input. */
    static ByteString standardInput(Context context, int bytesMax) throws IOException {
        return limited(context.in(), "standard input", bytesMax);
    }

    /** All of a file; {@code -} is standard input. */
    static ByteString file(Context context, String path, int bytesMax) throws IOException {
        if (path.equals("-")) {
            return standardInput(context, bytesMax);
        }
        try (InputStream in = new FileInputStream(path)) {
            return limited(in, path, bytesMax);
        } catch (FileNotFoundException e) {
            throw new LocalFailure("LOCAL_FAILURE", "cannot read " + e.getMessage(), "", ExitCode.FAILED);
        }
    }

    private static ByteString limited(InputStream in, String source, int bytesMax) throws IOException {
        byte[] bytes = in.readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw new IllegalArgumentException(source + ": more than " + bytesMax + " bytes (expected: at most that)");
        }
        return ByteString.copyFrom(bytes);
    }
}
