// SPDX-License-Identifier: Apache-2.0
// Records compressed bodies from Java's compressors, LZ4 frames of every option, and what Java makes of damaged ones.

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG.Bits;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;

public final class RecordCompression {
    private RecordCompression() {
    }

    public static void main(String[] args) throws Exception {
        Golden.write(Path.of(args[0]), "compression", Golden.map(
            "compressors", compressors(),
            "frames", frames(),
            "damaged", damaged(),
            "xxh32", hashes()));
    }

    /** A body is a text repeated, so that fixtures stay small. */
    private static Map<String, Object> body(String text, int times) {
        return Golden.map("text", text, "times", times);
    }

    private static byte[] bytes(Map<String, Object> body) {
        return Golden.utf8(((String) body.get("text")).repeat((Integer) body.get("times")));
    }

    private static List<Map<String, Object>> bodies() {
        return List.of(body("", 1), body("x", 1), body("abcdefghijklm", 1), body("\u6d88\u606f, ", 30),
            body("x", 70_000), body(noise(), 1), body(noise() + "repeated", 40));
    }

    private static String noise() {
        Random random = new Random(4);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 600; i++) {
            text.append((char) (' ' + random.nextInt(90)));
        }
        return text.toString();
    }

    private static List<Object> compressors() throws Exception {
        List<Object> cases = new ArrayList<>();
        for (CompressionType type : CompressionType.values()) {
            for (int level : type == CompressionType.LZ4 ? new int[] {5} : new int[] {1, 5, 9}) {
                for (Map<String, Object> body : bodies()) {
                    byte[] compressed = CompressorFactory.getCompressor(type).compress(bytes(body), level);
                    cases.add(Golden.map("type", type.name(), "level", level, "body", body, "hex", Golden.hex(compressed)));
                }
            }
        }
        return cases;
    }

    private static List<Object> frames() throws Exception {
        List<Object> cases = new ArrayList<>();
        Map<String, Object> large = body(noise() + "repeated", 500);
        Bits independent = Bits.BLOCK_INDEPENDENCE;
        for (BLOCKSIZE size : BLOCKSIZE.values()) {
            cases.add(frame("blocks of " + size, large, size, independent));
        }
        cases.add(frame("block checksums", large, BLOCKSIZE.SIZE_64KB, independent, Bits.BLOCK_CHECKSUM));
        cases.add(frame("content checksum", large, BLOCKSIZE.SIZE_64KB, independent, Bits.CONTENT_CHECKSUM));
        cases.add(frame("content size", large, BLOCKSIZE.SIZE_64KB, independent, Bits.CONTENT_SIZE));
        cases.add(frame("everything", body(noise(), 1), BLOCKSIZE.SIZE_256KB, independent, Bits.BLOCK_CHECKSUM,
            Bits.CONTENT_CHECKSUM, Bits.CONTENT_SIZE));
        return cases;
    }

    private static Map<String, Object> frame(String name, Map<String, Object> body, BLOCKSIZE size, Bits... bits)
        throws Exception {
        return Golden.map("name", name, "body", body, "hex", Golden.hex(framed(bytes(body), size, bits)));
    }

    private static byte[] framed(byte[] content, BLOCKSIZE size, Bits... bits) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean knowsSize = List.of(bits).contains(Bits.CONTENT_SIZE);
        try (LZ4FrameOutputStream stream = new LZ4FrameOutputStream(out, size, knowsSize ? content.length : -1, bits)) {
            stream.write(content);
        }
        return out.toByteArray();
    }

    /** What Java's reader makes of frames that are cut, changed or put together. */
    private static List<Object> damaged() throws Exception {
        List<Object> cases = new ArrayList<>();
        byte[] good = framed(Golden.utf8("abcabcabcabcabcabcabcabcabcabc, and so on"), BLOCKSIZE.SIZE_64KB,
            Bits.BLOCK_INDEPENDENCE, Bits.BLOCK_CHECKSUM, Bits.CONTENT_CHECKSUM, Bits.CONTENT_SIZE);
        byte[] skipped = Golden.unhex("502a4d1803000000aabbcc");
        cases.add(read("whole", good));
        cases.add(read("twice", joined(good, good)));
        cases.add(read("skippable frame in front", joined(skipped, good)));
        cases.add(read("skippable frame behind", joined(good, skipped)));
        cases.add(read("skippable frame alone", skipped));
        cases.add(read("one byte behind", joined(good, new byte[1])));
        for (int cut = 0; cut < good.length; cut++) {
            byte[] part = new byte[cut];
            System.arraycopy(good, 0, part, 0, cut);
            cases.add(read("cut at " + cut, part));
        }
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 0x55;
            cases.add(read("changed at " + at, changed));
        }
        return cases;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Map<String, Object> read(String name, byte[] frame) {
        Map<String, Object> result = Golden.map("name", name, "hex", Golden.hex(frame));
        try (LZ4FrameInputStream stream = new LZ4FrameInputStream(new ByteArrayInputStream(frame))) {
            result.put("text", new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (Exception e) {
            result.put("error", e.getClass().getSimpleName());
        }
        return result;
    }

    private static List<Object> hashes() {
        List<Object> cases = new ArrayList<>();
        for (int length = 0; length <= 70; length++) {
            byte[] content = new byte[length];
            for (int i = 0; i < length; i++) {
                content[i] = (byte) (i * 37 + 11);
            }
            int hash = XXHashFactory.safeInstance().hash32().hash(content, 0, length, 0);
            cases.add(Integer.toUnsignedLong(hash));
        }
        return cases;
    }
}
