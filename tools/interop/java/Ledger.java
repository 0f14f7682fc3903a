// SPDX-License-Identifier: Apache-2.0
// A ledger file: one tab-separated line per message, handed to the kernel before the caller goes on.

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

final class Ledger implements Closeable {
    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    });

    private final FileOutputStream out;

    Ledger(String path) throws IOException {
        out = new FileOutputStream(path, true);
    }

    /** The first 128 bits of SHA-256, in hexadecimal. */
    static String hash(byte[] body) {
        return HexFormat.of().formatHex(DIGEST.get().digest(body), 0, 16);
    }

    static String plain(String value) {
        return value == null ? "" : value.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ');
    }

    /** One write call per batch of lines: a killed process leaves whole lines behind. */
    void write(CharSequence lines) {
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (out) {
                out.write(bytes);
            }
        } catch (IOException e) {
            // A ledger with holes would turn a lost message into a passed check.
            e.printStackTrace();
            Runtime.getRuntime().halt(70);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
