package io.myelin.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces files so that whoever reads one finds the old content or the new one, whatever happens meanwhile. */
public final class AtomicFile {
    private static final String PERMISSIONS = "rw-r--r--";

    private AtomicFile() {}

    /**
     * Replaces {@code file}, which everybody may read afterwards.
     *
     * @param beside in the same directory; what an earlier process left there is overwritten
     * @throws IOException if it cannot be written; {@code file} is as it was
     */
    public static void replace(Path file, Path beside, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(PERMISSIONS));
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
