package io.myelin.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is equal for as long as the files of a listener's certificates are the same.
 *
 * @param own those of its certificates
 * @param clients those that say whose certificates are good
 */
record FileStamps(List<Object> own, List<Object> clients) {
    FileStamps {
        own = List.copyOf(own);
        clients = List.copyOf(clients);
    }

    static FileStamps of(TlsConfig config) {
        List<Object> own = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            try {
                for (Path file : PemFile.locate(Path.of(files.certificate()))) {
                    add(own, file);
                    add(own, PemFile.keyOf(file, files.key()));
                    add(own, Staple.fileOf(file));
                }
            } catch (IOException | IllegalArgumentException | MalformedPemException e) {
                own.add(String.valueOf(e.getMessage()));
            }
        }
        List<Object> clients = new ArrayList<>();
        ClientAuth auth = config.clientAuth();
        if (auth != null) {
            add(clients, pathOf(auth.ca()));
            add(clients, pathOf(auth.crl()));
        }
        return new FileStamps(own, clients);
    }

    private static @Nullable Path pathOf(@Nullable String name) {
        return name == null ? null : Path.of(name);
    }

    private static void add(List<Object> stamps, @Nullable Path file) {
        if (file == null || !Files.exists(file)) {
            return;
        }
        stamps.add(file);
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            stamps.add(attributes.lastModifiedTime());
            stamps.add(attributes.size());
            stamps.add(String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            stamps.add(String.valueOf(e.getMessage()));
        }
    }
}
