package io.myelin.discovery.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * A name server on loopback, over UDP and TCP, whose records and faults a test sets. What has no record does not exist.
 *
 * <p>It writes its messages (RFC 1035) by itself, so that they are judged by another hand than the one that reads them.
 */
public final class NameServer implements AutoCloseable {
    public static final int A = 1;
    public static final int AAAA = 28;
    public static final int SRV = 33;

    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int MAX_MESSAGE = 65_535;

    private final ServerSocket tcp;
    private final DatagramSocket udp;
    private final Map<String, List<ResourceRecord>> zone = new ConcurrentHashMap<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Random random = new Random(7);
    private volatile Fault fault = Fault.NONE;
    private volatile byte[] authority = {};

    /** How a question is treated. */
    public enum Fault {
        NONE,
        SERVFAIL,
        REFUSED,
        /** There is no answer at all. */
        SILENCE,
        /** The answer has the right number, and no sense after it. */
        GARBAGE,
        /** The answer has a few wrong bits, but the right number, and every second one is right. */
        DAMAGE,
        /** Over UDP an answer that is cut, over TCP the whole. */
        TRUNCATION,
        /** The answer is cut over TCP, too. */
        TRUNCATION_EVERYWHERE,
        /** What is asked about IPv6 fails. */
        NO_IPV6
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares records
    private record ResourceRecord(int type, long ttlSeconds, byte[] content) {}

    /** The two sockets of one port. */
    private record Sockets(ServerSocket tcp, DatagramSocket udp) {}

    public NameServer() {
        Sockets bound = bind();
        tcp = bound.tcp();
        udp = bound.udp();
        daemon(this::serveDatagrams);
        daemon(this::accept);
    }

    private static Sockets bind() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try {
            while (true) {
                ServerSocket tcp = new ServerSocket(0, 50, loopback);
                try {
                    return new Sockets(tcp, new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort())));
                } catch (BindException ignored) {
                    // Somebody asks another name server from the UDP port of that number; there are many others.
                    tcp.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return tcp.getLocalPort();
    }

    /** Makes {@code addresses}, which are literals, all that {@code name} has; none make a name without addresses. */
    public void addresses(String name, long ttlSeconds, String... addresses) {
        List<ResourceRecord> records = new ArrayList<>();
        for (String address : addresses) {
            byte[] content = literal(address);
            records.add(new ResourceRecord(content.length == 4 ? A : AAAA, ttlSeconds, content));
        }
        zone.put(name, List.copyOf(records));
    }

    /** Makes {@code name} another name of {@code target}. */
    public void alias(String name, long ttlSeconds, String target) {
        zone.put(name, List.of(new ResourceRecord(CNAME, ttlSeconds, name(target))));
    }

    /** Adds an SRV record; {@code target} may be {@code .}, which means that there is no such service. */
    public void service(String name, long ttlSeconds, int priority, int weight, int port, String target) {
        byte[] host = name(target);
        ByteBuffer content = ByteBuffer.allocate(6 + host.length)
                .putShort((short) priority)
                .putShort((short) weight)
                .putShort((short) port)
                .put(host);
        add(name, SRV, ttlSeconds, content.array());
    }

    /** Adds a record of any content. */
    public void add(String name, int type, long ttlSeconds, byte[] content) {
        zone.merge(name, List.of(new ResourceRecord(type, ttlSeconds, content)), (known, more) -> {
            List<ResourceRecord> all = new ArrayList<>(known);
            all.addAll(more);
            return List.copyOf(all);
        });
    }

    /**
     * Says from now on how long it holds that there is nothing: in an SOA record that lives for {@code ttlSeconds} and
     * whose last number is {@code minimum}.
     */
    public void nothingHolds(long ttlSeconds, long minimum) {
        byte[] source = name("ns.test");
        byte[] mailbox = name("admin.test");
        ByteBuffer content = ByteBuffer.allocate(source.length + mailbox.length + 20)
                .put(source)
                .put(mailbox)
                .putInt(2_026)
                .putInt(7_200)
                .putInt(3_600)
                .putInt(86_400)
                .putInt((int) minimum);
        authority = record("test", new ResourceRecord(SOA, ttlSeconds, content.array()));
    }

    /** Makes {@code name} unknown. */
    public void remove(String name) {
        zone.remove(name);
    }

    /** Treats every question so. */
    public void fail(Fault newFault) {
        fault = newFault;
    }

    /** Treats questions about {@code name} so. */
    public void fail(String name, Fault newFault) {
        faults.put(name, newFault);
    }

    /** Returns every question so far, such as {@code UDP A web.test}. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Returns how many questions so far are as wanted. */
    public long asked(Predicate<String> wanted) {
        return asked.stream().filter(wanted).count();
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serveDatagrams() {
        byte[] buffer = new byte[MAX_MESSAGE];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] answer = answer("UDP", ByteBuffer.wrap(buffer, 0, packet.getLength()));
                SocketAddress client = packet.getSocketAddress();
                if (answer.length > 0) {
                    udp.send(new DatagramPacket(answer, answer.length, client));
                }
            } catch (IOException ignored) {
                // Closed, or a client that has gone already.
            }
        }
    }

    private void accept() {
        while (!tcp.isClosed()) {
            try (Socket client = tcp.accept()) {
                client.setSoTimeout(5_000);
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] query = in.readNBytes(in.readUnsignedShort());
                byte[] answer = answer("TCP", ByteBuffer.wrap(query));
                DataOutputStream out = new DataOutputStream(client.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                in.readNBytes(1);
            } catch (IOException ignored) {
                // Closed, or a client that has gone already.
            }
        }
    }

    private byte[] answer(String transport, ByteBuffer query) {
        int id = query.getShort() & 0xffff;
        query.position(query.position() + 10);
        int begin = query.position();
        String name = readName(query);
        int type = query.getShort() & 0xffff;
        query.getShort();
        byte[] question = new byte[query.position() - begin];
        query.get(begin, question);
        asked.add(transport + " " + typeName(type) + " " + name);
        Fault treatment = faults.getOrDefault(name, fault);
        return switch (treatment) {
            case SILENCE -> new byte[0];
            case GARBAGE -> garbage(id);
            case DAMAGE -> damaged(found(id, question, name, type, false));
            case SERVFAIL -> message(id, 2, false, question, List.of());
            case REFUSED -> message(id, 5, false, question, List.of());
            case NO_IPV6 ->
                type == AAAA ? message(id, 2, false, question, List.of()) : found(id, question, name, type, false);
            case TRUNCATION -> found(id, question, name, type, transport.equals("UDP"));
            case TRUNCATION_EVERYWHERE -> found(id, question, name, type, true);
            case NONE -> found(id, question, name, type, false);
        };
    }

    /** A cut answer holds the first record only. */
    private byte[] found(int id, byte[] question, String name, int type, boolean cut) {
        if (!zone.containsKey(name)) {
            return message(id, 3, false, question, List.of());
        }
        List<byte[]> answers = new ArrayList<>();
        collect(name, type, answers);
        return message(id, 0, cut, question, cut && answers.size() > 1 ? answers.subList(0, 1) : answers);
    }

    private void collect(String name, int type, List<byte[]> answers) {
        for (ResourceRecord record : zone.getOrDefault(name, List.of())) {
            if (record.type() == type || record.type() == CNAME) {
                answers.add(record(name, record));
            }
            // As a recursive name server does; a name that ends in ".elsewhere" is beyond its reach.
            if (record.type() == CNAME) {
                String target = readName(ByteBuffer.wrap(record.content()));
                if (!target.endsWith(".elsewhere") && !target.equals(name)) {
                    collect(target, type, answers);
                }
            }
        }
    }

    private static byte[] record(String name, ResourceRecord record) {
        byte[] owner = name(name);
        return ByteBuffer.allocate(owner.length + 10 + record.content().length)
                .put(owner)
                .putShort((short) record.type())
                .putShort((short) 1)
                .putInt((int) record.ttlSeconds())
                .putShort((short) record.content().length)
                .put(record.content())
                .array();
    }

    /** A message without answers has the authority, if one is set. */
    private byte[] message(int id, int code, boolean cut, byte[] question, List<byte[]> answers) {
        int length = answers.stream().mapToInt(answer -> answer.length).sum();
        byte[] zone = answers.isEmpty() ? authority : new byte[0];
        ByteBuffer message = ByteBuffer.allocate(12 + question.length + length + zone.length)
                .putShort((short) id)
                .putShort((short) (0x8180 | code | (cut ? 0x0200 : 0)))
                .putShort((short) 1)
                .putShort((short) answers.size())
                .putShort((short) (zone.length == 0 ? 0 : 1))
                .putShort((short) 0)
                .put(question);
        answers.forEach(message::put);
        message.put(zone);
        return message.array();
    }

    private byte[] damaged(byte[] message) {
        if (random.nextBoolean()) {
            for (int damages = random.nextInt(4); damages >= 0; damages--) {
                message[2 + random.nextInt(message.length - 2)] ^= (byte) (1 << random.nextInt(8));
            }
        }
        return message;
    }

    private static byte[] garbage(int id) {
        ByteBuffer message = ByteBuffer.allocate(40).putShort((short) id).putShort((short) 0x8180);
        while (message.hasRemaining()) {
            message.put((byte) 0xc7);
        }
        return message.array();
    }

    private static byte[] name(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(256);
        for (String label : text.equals(".") ? new String[0] : text.split("\\.", -1)) {
            bytes.put((byte) label.length()).put(label.getBytes(US_ASCII));
        }
        bytes.put((byte) 0);
        byte[] name = new byte[bytes.position()];
        bytes.get(0, name);
        return name;
    }

    private static String readName(ByteBuffer from) {
        List<String> labels = new ArrayList<>();
        for (int length = from.get(); length > 0; length = from.get()) {
            byte[] label = new byte[length];
            from.get(label);
            labels.add(new String(label, US_ASCII).toLowerCase(Locale.ROOT));
        }
        return String.join(".", labels);
    }

    private static byte[] literal(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String typeName(int type) {
        return type == A ? "A" : type == AAAA ? "AAAA" : type == SRV ? "SRV" : Integer.toString(type);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "name-server");
        thread.setDaemon(true);
        thread.start();
    }
}
