package io.myelin.health.replica;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is done to the files of a run directory. */
public interface RunFiles {
    /** The file that whoever uses the directory has locked. */
    String LOCK = "lock";

    /** Those of this host. */
    RunFiles OF_THIS_HOST = new RunFiles() {};

    /** Creates the directory, which nobody else may look into, unless it is there. */
    default void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            requireOwn(directory);
            return;
        }
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(directory);
        }
    }

    /** Returns what holds the lock until it is closed, {@code null} if another process holds it. */
    default @Nullable FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            // One who has just left may have removed the file that is locked now.
            if (lock != null && Files.exists(file)) {
                return channel;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    default void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    default String read(Path file) throws IOException {
        return Files.readString(file);
    }

    default void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** Removes the directory if only a lock is in it. */
    default void remove(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.count() > 1) {
                return;
            }
        }
        Files.deleteIfExists(directory.resolve(LOCK));
        Files.deleteIfExists(directory);
    }

    default List<Path> list(Path directory, String suffix) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*" + suffix)) {
            entries.forEach(found::add);
        }
        return found;
    }

    /** In a directory for everybody, a stranger could have put one of this name and say in it what is to be ended. */
    private static void requireOwn(Path directory) throws IOException {
        String owner = Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).getName();
        String user = System.getProperty("user.name");
        if (!owner.equals(user)) {
            throw new IOException("it belongs to " + owner + " (expected: " + user + ")");
        }
    }
}
