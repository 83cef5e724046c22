package io.myelin.config.haproxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.config.document.Problems;
import io.myelin.tls.CertificateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file with a certificate in each line and the names for which it is shown (HAProxy 2.6, section 5.1, crt-list). */
final class CrtList {
    private CrtList() {}

    /** Returns the certificates that the file {@code name} lists; what cannot be used is reported. */
    static List<CertificateFiles> read(String name, Line line, Problems problems) {
        List<CertificateFiles> certificates = new ArrayList<>();
        try {
            for (String text : Files.readAllLines(Path.of(name), UTF_8)) {
                String entry = text.strip();
                if (!entry.isEmpty() && !entry.startsWith("#")) {
                    add(certificates, name, entry, line, problems);
                }
            }
        } catch (IOException | InvalidPathException e) {
            line.error(problems, "crt-list " + name + " cannot be read", "a file with a certificate in each line");
        }
        return certificates;
    }

    private static void add(
            List<CertificateFiles> certificates, String name, String entry, Line line, Problems problems) {
        if (entry.contains("[")) {
            line.error(
                    problems,
                    "crt-list " + name + ": `" + entry + "`: settings of single certificates are not interpreted",
                    "FILE [NAME...]");
            return;
        }
        List<String> words = Arrays.asList(entry.split("\\s+"));
        List<String> names = new ArrayList<>(words.subList(1, words.size()));
        if (names.removeIf(each -> each.startsWith("!"))) {
            line.warning(
                    problems,
                    "crt-list " + name + ": `" + entry + "`: names with ! are not interpreted: the certificate is shown"
                            + " for what the others say");
        }
        certificates.add(new CertificateFiles(words.get(0), null, names));
    }
}
