package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.fetch.Trust;
import io.myelin.discovery.polling.PollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A server whose token, authority and namespace are in files of their own, which are read for each request. */
final class FileAccess implements ApiAccess {
    private final Origin origin;
    private final Trust trust;
    private final @Nullable Path tokenFile;
    private final @Nullable Path namespaceFile;

    /** Where the server is. */
    @FunctionalInterface
    interface Origin {
        HttpOrigin find() throws PollException;
    }

    FileAccess(Origin origin, TlsFiles tls, @Nullable Path tokenFile, @Nullable Path namespaceFile) {
        this.origin = origin;
        this.trust = new Trust(tls);
        this.tokenFile = tokenFile;
        this.namespaceFile = namespaceFile;
    }

    @Override
    public ApiServer open() throws PollException {
        HttpOrigin found = origin.find();
        String authorization = tokenFile == null ? "" : bearer(tokenFile);
        String namespace = namespaceFile == null || !Files.exists(namespaceFile) ? "" : text(namespaceFile);
        return new ApiServer(found, found.tls() ? trust.context() : null, authorization, namespace);
    }

    /** Returns what a request says that shows the token in {@code file}. */
    static String bearer(Path file) throws PollException {
        String token = text(file);
        if (!token.matches("\\p{Graph}+")) {
            throw new PollException(
                    "token: " + file + (token.isEmpty() ? " is empty" : " is not one") + " (expected: a bearer token)");
        }
        return "Bearer " + token;
    }

    private static String text(Path file) throws PollException {
        try {
            return Files.readString(file, ISO_8859_1).strip();
        } catch (IOException e) {
            throw new PollException(file + " cannot be read (expected: a readable file): " + e.getMessage(), e);
        }
    }
}
