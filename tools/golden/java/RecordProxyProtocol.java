// SPDX-License-Identifier: Apache-2.0
// Records what Netty, as RocketMQ ships it, makes of PROXY protocol headers: whole, cut, damaged, and none at all.

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

public final class RecordProxyProtocol {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    /** 192.168.0.1:55555 to 10.0.0.2:10911. */
    private static final String ADDRESSES = "c0a800010a000002d9032a9f";

    private final List<Object> cases = new ArrayList<>();

    private RecordProxyProtocol() {
    }

    public static void main(String[] args) throws Exception {
        RecordProxyProtocol recorder = new RecordProxyProtocol();
        recorder.recordAll();
        Golden.write(Path.of(args[0]), "proxy-protocol", Golden.map("cases", recorder.cases));
    }

    private void recordAll() {
        text("v1 TCP4", "PROXY TCP4 192.168.0.1 10.0.0.2 55555 10911\r\nrest");
        text("v1 TCP6", "PROXY TCP6 2001:db8::1 ::1 55555 10911\r\n");
        text("v1 UNKNOWN", "PROXY UNKNOWN\r\nrest");
        text("v1 UNKNOWN with addresses", "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n");
        text("v1 no end yet", "PROXY TCP4 192.168.0.1 10.0.0.2");
        text("v1 no end after 108", "PROXY TCP4 " + "1".repeat(120));
        text("v1 108 characters", "PROXY UNKNOWN " + "1".repeat(94) + "\r\n");
        text("v1 109 characters", "PROXY UNKNOWN " + "1".repeat(95) + "\r\n");
        text("v1 lone newline", "PROXY TCP4 192.168.0.1 10.0.0.2 1 2\nxxxx");
        text("v1 too few parts", "PROXY TCP4 192.168.0.1 10.0.0.2 1\r\n");
        text("v1 too many parts", "PROXY TCP4 192.168.0.1 10.0.0.2 1 2 3\r\n");
        text("v1 trailing space", "PROXY TCP4 192.168.0.1 10.0.0.2 1 2 \r\n");
        text("v1 two spaces", "PROXY  TCP4 192.168.0.1 10.0.0.2 1 2\r\n");
        text("v1 port 65536", "PROXY TCP4 192.168.0.1 10.0.0.2 1 65536\r\n");
        text("v1 port 0", "PROXY TCP4 192.168.0.1 10.0.0.2 0 0\r\n");
        text("v1 port +1", "PROXY TCP4 192.168.0.1 10.0.0.2 +1 2\r\n");
        text("v1 port x", "PROXY TCP4 192.168.0.1 10.0.0.2 x 2\r\n");
        text("v1 UDP4", "PROXY UDP4 192.168.0.1 10.0.0.2 1 2\r\n");
        text("v1 tcp4", "PROXY tcp4 192.168.0.1 10.0.0.2 1 2\r\n");
        text("v1 IPv6 as TCP4", "PROXY TCP4 ::1 10.0.0.2 1 2\r\n");
        text("v1 IPv4 as TCP6", "PROXY TCP6 10.0.0.1 10.0.0.2 1 2\r\n");
        text("v1 bad IPv4", "PROXY TCP4 192.168.0.256 10.0.0.2 1 2\r\n");
        text("v1 PROXYTCP4", "PROXYTCP4 192.168.0.1 10.0.0.2 1 2\r\n");
        text("v1 PROXY only", "PROXY       \r\n");
        bytes("not proxy", "00000010000000000000000000000000");
        text("short", "PROXY TCP");
        header("v2 TCP4", "2111000c" + ADDRESSES + "72657374");
        header("v2 TCP6", "2121002420010db800000000000000000000000100000000000000000000ffff0a000002d9032a9f");
        header("v2 UDP4", "2112000c" + ADDRESSES);
        header("v2 unix", "213100d82f746d702f612e736f636b"
            + "00".repeat(97) + "2f746d702f622e736f636b" + "00".repeat(97));
        header("v2 unix too short", "213100d72f746d702f612e736f636b"
            + "00".repeat(97) + "2f746d702f622e736f636b" + "00".repeat(96));
        header("v2 local", "2011000c" + ADDRESSES);
        header("v2 local empty", "2000000072");
        header("v2 unspecified", "2100000c" + ADDRESSES);
        header("v2 unknown family", "2141000c" + ADDRESSES);
        header("v2 unknown command", "2211000c" + ADDRESSES);
        header("v2 version 1", "1111000c" + ADDRESSES);
        header("v2 version 3", "3111000c" + ADDRESSES);
        header("v2 version byte 1", "0111000c" + ADDRESSES);
        header("v2 short address", "2111000bc0a800010a000002d9032a");
        header("v2 not all there", "21110028" + ADDRESSES);
        header("v2 twelve bytes", "");
        header("v2 TLVs", "21110030" + ADDRESSES
            + "020010726f636b65746d712e6578616d706c65ea0006767063652d31040000e0000201ff");
        header("v2 empty TLV last", "21110013" + ADDRESSES + "e1000161040000");
        header("v2 SSL TLV", "2111002f" + ADDRESSES
            + "2000180100000000210007544c5376312e33220006636c69656e74e200056166746572");
        header("v2 SSL TLV too short", "21110011" + ADDRESSES + "2000020100");
        header("v2 TLV longer than header", "21110010" + ADDRESSES + "e300ff41");
        header("v2 ports 0", "2111000cc0a800010a00000200000000");
        header("v2 nothing after the address length", "21110000");
        text("v1 short address", "PROXY TCP4 10.1 10.0.0.2 1 2\r\n");
        text("v1 leading zero", "PROXY TCP4 010.1.1.1 10.0.0.2 01 2\r\n");
        text("v1 IPv6 zone", "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n");
        text("v1 IPv6 with IPv4", "PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n");
        text("v1 IPv6 brackets", "PROXY TCP6 [::1] ::1 1 2\r\n");
        header("v2 TLVs after IPv6",
            "2121002a20010db800000000000000000000000100000000000000000000ffff0a000002d9032a9fe40003736978");
    }

    /** Version 1. */
    private void text(String name, String line) {
        bytes(name, Golden.hex(Golden.utf8(line)));
    }

    /** Version 2, what follows the signature. */
    private void header(String name, String hex) {
        bytes(name, SIGNATURE + hex);
    }

    private void bytes(String name, String hex) {
        String detected = HAProxyMessageDecoder.detectProtocol(buffer(hex)).state().name();
        Map<String, Object> found = Golden.map("name", name, "hex", hex, "detected", detected);
        if (detected.equals("DETECTED")) {
            decode(hex, found);
        }
        cases.add(found);
    }

    private static ByteBuf buffer(String hex) {
        return Unpooled.wrappedBuffer(Golden.unhex(hex));
    }

    private static void close(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (RuntimeException e) {
            // The end makes the decoder look at the rest once more; what it thinks of that is of no interest.
        }
    }

    private static void decode(String hex, Map<String, Object> found) {
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        try {
            channel.writeInbound(buffer(hex));
            HAProxyMessage message = channel.readInbound();
            if (message == null) {
                found.put("outcome", "more");
                return;
            }
            found.put("outcome", "message");
            ByteBuf rest = channel.readInbound();
            found.put("left", rest == null ? 0 : rest.readableBytes());
            found.put("sourceAddress", message.sourceAddress());
            found.put("sourcePort", message.sourcePort());
            found.put("destinationAddress", message.destinationAddress());
            found.put("destinationPort", message.destinationPort());
            List<Object> tlvs = new ArrayList<>();
            for (HAProxyTLV tlv : message.tlvs()) {
                byte[] content = new byte[tlv.content().readableBytes()];
                tlv.content().getBytes(tlv.content().readerIndex(), content);
                tlvs.add(Golden.list(Golden.hex(new byte[] {tlv.typeByteValue()}), Golden.hex(content)));
            }
            found.put("tlvs", tlvs);
        } catch (RuntimeException e) {
            found.put("outcome", "error");
            found.put("error", e.getClass().getSimpleName());
        } finally {
            close(channel);
        }
    }
}
