// SPDX-License-Identifier: Apache-2.0
// Reads frames and compressed bodies that our codec wrote with the Java classes, and says what they found.

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONArray;
import com.alibaba.fastjson2.JSONObject;
import com.alibaba.fastjson2.JSONWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.rocketmq.common.UtilAll;
import org.apache.rocketmq.common.compression.CompressionType;
import org.apache.rocketmq.common.compression.CompressorFactory;
import org.apache.rocketmq.remoting.CommandCustomHeader;
import org.apache.rocketmq.remoting.protocol.RemotingCommand;

public final class ReadOurs {
    private ReadOurs() {
    }

    public static void main(String[] args) throws Exception {
        JSONArray asked = JSON.parseArray(Files.readString(Path.of(args[0])));
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            answers.add(read(asked.getJSONObject(i)));
        }
        Files.write(Path.of(args[1]), Golden.utf8(JSON.toJSONString(answers, JSONWriter.Feature.WriteMapNullValue)));
    }

    private static Map<String, Object> read(JSONObject item) {
        byte[] bytes = Golden.unhex(item.getString("hex"));
        try {
            return item.containsKey("compression")
                ? restored(CompressionType.of(item.getString("compression")), bytes)
                : frame(item.getString("headerClass"), bytes);
        } catch (Exception e) {
            return Golden.map("error", e.toString());
        }
    }

    private static Map<String, Object> restored(CompressionType type, byte[] bytes) throws Exception {
        byte[] body = CompressorFactory.getCompressor(type).decompress(bytes);
        return Golden.map("length", body.length, "crc32", UtilAll.crc32(body));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> frame(String headerClass, byte[] bytes) throws Exception {
        RemotingCommand command = RemotingCommand.decode(ByteBuffer.wrap(bytes, 4, bytes.length - 4).slice());
        Map<String, Object> fields = Golden.map();
        if (headerClass != null) {
            Class<? extends CommandCustomHeader> type = (Class<? extends CommandCustomHeader>) Class.forName(headerClass);
            CommandCustomHeader header = command.decodeCommandCustomHeader(type);
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())) {
                        field.setAccessible(true);
                        Object value = field.get(header);
                        fields.put(field.getName(), value == null ? null : value.toString());
                    }
                }
            }
        }
        return Golden.map("code", command.getCode(), "opaque", command.getOpaque(), "flag", command.getFlag(),
            "language", command.getLanguage() == null ? null : command.getLanguage().name(), "version", command.getVersion(),
            "remark", command.getRemark(), "fields", fields, "extFields", command.getExtFields(),
            "bodyHex", Golden.hex(command.getBody()));
    }
}
