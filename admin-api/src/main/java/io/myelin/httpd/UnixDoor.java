package io.myelin.httpd;

import io.myelin.unix.SocketFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Unix socket at which operators are answered. Its file goes with it. */
public final class UnixDoor {
    private static final Logger log = LoggerFactory.getLogger(UnixDoor.class);

    private final Channel channel;
    private final Path path;

    private UnixDoor(Channel channel, Path path) {
        this.channel = channel;
        this.path = path;
    }

    /**
     * Listens beside the path and moves the file there once it has its permissions, so that it never has others.
     *
     * @param connections prepares each connection
     * @throws IOException if it cannot; the message says why
     */
    public static UnixDoor open(OperatorLoop loop, String path, SocketFile.Access access, ChannelHandler connections)
            throws IOException {
        SocketFile.prepare(path, access);
        String beside = path + ".tmp";
        SocketFile file = SocketFile.prepare(beside, access);
        Channel bound = loop.listen(beside, connections);
        try {
            file.grant();
            Files.move(
                    Path.of(beside),
                    Path.of(path),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            bound.close().awaitUninterruptibly();
            Files.deleteIfExists(Path.of(beside));
            throw e;
        }
        return new UnixDoor(bound, Path.of(path));
    }

    /** Stops listening and removes the file. */
    public void close() {
        channel.close().awaitUninterruptibly();
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn("A socket's file could not be removed: path={} error={}", path, String.valueOf(e));
        }
    }
}
