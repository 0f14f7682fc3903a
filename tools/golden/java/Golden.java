// SPDX-License-Identifier: Apache-2.0
// Collects recorded facts in ordered maps and writes them as one JSON file per fixture.

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class Golden {
    private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

    private Golden() {
    }

    /** An ordered map from alternating names and values. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            result.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return result;
    }

    static List<Object> list(Object... values) {
        return new ArrayList<>(List.of(values));
    }

    /** Numbers that a JSON reader with double precision would bend become decimal strings. */
    static Object exact(Object value) {
        if (value instanceof Long && ((Long) value > MAX_SAFE_INTEGER || (Long) value < -MAX_SAFE_INTEGER)) {
            return value.toString();
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value.toString();
    }

    static String hex(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        StringBuilder text = new StringBuilder(bytes.length * 2);
        for (byte b : bytes) {
            text.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    static String hex(ByteBuffer buffer) {
        return hex(bytes(buffer));
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static byte[] unhex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void write(Path folder, String name, Map<String, Object> fixture) throws Exception {
        Files.createDirectories(folder);
        byte[] text = utf8(JSON.toJSONString(fixture, JSONWriter.Feature.WriteMapNullValue));
        Files.write(folder.resolve(name + ".json"), text);
    }
}
