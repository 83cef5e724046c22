package io.myelin.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What an authority says of a certificate, that it is not revoked, to be shown along with it (RFC 6960, section 4.2.1).
 */
final class Staple {
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final int GOOD = 0x80;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private final byte[] response;
    private final Instant nextUpdate;

    private Staple(byte[] response, Instant nextUpdate) {
        this.response = response;
        this.nextUpdate = nextUpdate;
    }

    /** Returns it as it is sent. */
    byte[] response() {
        return response;
    }

    /** Returns whether it is still believed at {@code now}. */
    boolean current(Instant now) {
        return nextUpdate.isAfter(now);
    }

    /** Returns the file beside {@code certificate} that has it, as in HAProxy (its manual, section 5.1, crt). */
    static Path fileOf(Path certificate) {
        return certificate.resolveSibling(certificate.getFileName() + ".ocsp");
    }

    /**
     * Reads the file beside {@code file}; {@code null} if there is none, or nothing in it.
     *
     * @param certificate what it has to be about
     * @throws MalformedPemException if it says something else than that the certificate is good, with a message for
     *     people
     */
    static @Nullable Staple beside(Path file, X509Certificate certificate, Instant now) throws MalformedPemException {
        Path beside = fileOf(file);
        try {
            if (!Files.exists(beside) || Files.size(beside) == 0) {
                return null;
            }
            if (Files.size(beside) > MAX_FILE_BYTES) {
                throw new MalformedPemException(beside + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            Staple staple = parse(Files.readAllBytes(beside), certificate.getSerialNumber());
            if (!staple.current(now)) {
                throw new MalformedPemException(beside + " has expired: next_update=" + staple.nextUpdate);
            }
            return staple;
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedPemException(
                    beside + " cannot be used: " + e.getMessage()
                            + " (expected: an OCSP response in DER that the certificate is good)",
                    e);
        } catch (IOException e) {
            throw new MalformedPemException(beside + " cannot be read: " + e, e);
        }
    }

    private static Staple parse(byte[] response, BigInteger serial) {
        DerFields whole = new DerFields(response).within(DerFields.SEQUENCE);
        require(new BigInteger(whole.take(DerFields.ENUMERATED)).signum() == 0, "its status is not successful");
        DerFields body = whole.within(DerFields.OPTIONAL).within(DerFields.SEQUENCE);
        body.take();
        DerFields signed = new DerFields(body.take(DerFields.OCTETS)).within(DerFields.SEQUENCE);
        return new Staple(response, nextUpdate(signed.within(DerFields.SEQUENCE), serial));
    }

    private static Instant nextUpdate(DerFields data, BigInteger serial) {
        if (data.nextIs(DerFields.OPTIONAL)) {
            data.take();
        }
        // Who answers, and when.
        data.take();
        data.take(DerFields.TIME);
        DerFields answers = data.within(DerFields.SEQUENCE);
        DerFields answer = answers.within(DerFields.SEQUENCE);
        require(answers.atEnd(), "it is about several certificates");
        DerFields id = answer.within(DerFields.SEQUENCE);
        id.take(DerFields.SEQUENCE);
        id.take(DerFields.OCTETS);
        id.take(DerFields.OCTETS);
        require(new BigInteger(id.take(DerFields.INTEGER)).equals(serial), "it is about another certificate");
        require(answer.nextIs(GOOD), "the certificate is not said to be good");
        answer.take();
        answer.take(DerFields.TIME);
        require(answer.nextIs(DerFields.OPTIONAL), "it does not say until when it holds");
        String time = new String(answer.within(DerFields.OPTIONAL).take(DerFields.TIME), US_ASCII);
        return LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
