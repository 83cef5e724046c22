package io.myelin.unix;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/** The file of a Unix socket that the process is about to listen on. */
public final class SocketFile {
    private static final int TYPE_BITS = 0170000;
    private static final int SOCKET_BITS = 0140000;

    private final Path path;
    private final @Nullable Integer mode;
    private final @Nullable UserPrincipal user;
    private final @Nullable GroupPrincipal group;

    private SocketFile(
            Path path, @Nullable Integer mode, @Nullable UserPrincipal user, @Nullable GroupPrincipal group) {
        this.path = path;
        this.mode = mode;
        this.user = user;
        this.group = group;
    }

    /**
     * Whom the file belongs to, and who may connect.
     *
     * @param mode permission bits such as octal 660, of which connecting needs write permission; {@code null} for those
     *     that the process gives new files
     * @param user name or number, {@code null} for the user of the process
     * @param group name or number, {@code null} for the group of the process
     */
    public record Access(
            @Nullable Integer mode,
            @Nullable String user,
            @Nullable String group) {
        /** What the process gives new files. */
        public static final Access DEFAULT = new Access(null, null, null);

        public Access {
            if (mode != null && (mode < 0 || mode > 0777)) {
                throw new IllegalArgumentException("mode: " + mode + " (expected: 0..0777)");
            }
        }
    }

    /**
     * Makes way for a socket to be bound: removes the file of a process that has ended, and finds the user and group.
     *
     * @throws IOException if no file can have that path, there is no such user or group, or something is there that
     *     must stay: a socket that somebody listens on, or a file of another kind
     */
    public static SocketFile prepare(String path, Access access) throws IOException {
        try {
            Path file = Path.of(path);
            UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
            String user = access.user();
            String group = access.group();
            UserPrincipal owner = user == null ? null : names.lookupPrincipalByName(user);
            GroupPrincipal owners = group == null ? null : names.lookupPrincipalByGroupName(group);
            makeWay(file);
            return new SocketFile(file, access.mode(), owner, owners);
        } catch (InvalidPathException e) {
            throw new IOException("not a path: " + e.getReason(), e);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no user or group " + e.getName(), e);
        }
    }

    private static void makeWay(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_BITS) != SOCKET_BITS) {
            throw new BindException("there is a file that is no socket");
        }
        if (somebodyListens(path)) {
            throw new BindException("Address already in use");
        }
        Files.deleteIfExists(path);
    }

    /** Anything but a refusal, such as a full queue, means that there is somebody. */
    private static boolean somebodyListens(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("refused")) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Gives the file, which is there by now, its owner and permissions. Until then those hold that the process gives
     * new files.
     *
     * @throws IOException if this process may not do so
     */
    public void grant() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (group != null) {
            view.setGroup(group);
        }
        if (user != null) {
            view.setOwner(user);
        }
        if (mode != null) {
            Files.setAttribute(path, "unix:mode", mode);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
