package io.myelin.discovery.file;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * A file, and what it was like when it was looked at last.
 *
 * <p>It is read once it has changed and then stayed as it is from one look to the next: a program that does not rename
 * a complete file into place may still be writing.
 */
@OwnedBy(Owner.REGISTRY)
final class EndpointsFile {
    /** Larger files are refused: ten thousand endpoints take a tenth of that. */
    static final int MOST_BYTES = 16 * 1024 * 1024;

    private final Path path;
    private @Nullable Fingerprint seen;
    private @Nullable Fingerprint read;
    private boolean looked;

    /** What tells one content from the next. */
    private record Fingerprint(
            FileTime modified, long size, @Nullable Object key) {}

    EndpointsFile(Path path) {
        this.path = path;
    }

    /**
     * Returns what the file holds, {@code null} if that was returned before or is still being written.
     *
     * @throws IOException if it cannot be read, with a message for people; it is read again when that may have changed
     */
    @Nullable
    String look() throws IOException {
        Fingerprint now;
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            now = new Fingerprint(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            read = null;
            seen = null;
            looked = true;
            throw new IOException("there is no such file (expected: a JSON or YAML file)", e);
        } catch (FileSystemException e) {
            throw unreadable(e);
        }
        boolean settled = !looked || now.equals(seen);
        looked = true;
        seen = now;
        if (!settled || now.equals(read)) {
            return null;
        }
        String content = content();
        read = now;
        return content;
    }

    private String content() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("larger than " + MOST_BYTES + " bytes (expected: a list of endpoints)");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IOException("not text (expected: UTF-8)", e);
        } catch (FileSystemException e) {
            throw unreadable(e);
        }
    }

    private static IOException unreadable(FileSystemException e) {
        return new IOException("cannot be read: " + e + " (expected: a readable file)", e);
    }
}
