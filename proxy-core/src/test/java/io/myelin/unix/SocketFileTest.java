package io.myelin.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.myelin.testing.UnixBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {
    @TempDir
    Path directory;

    @Test
    void theFileOfAProcessThatEndedMakesWay() throws IOException {
        Path path = directory.resolve("stale.sock");
        UnixBackend.running(path, connection -> {}).close();
        assertThat(path).exists();

        SocketFile.prepare(path.toString(), SocketFile.Access.DEFAULT);

        assertThat(path).doesNotExist();
    }

    @Test
    void aSocketThatSomebodyListensOnStays() throws IOException {
        Path path = directory.resolve("busy.sock");
        try (UnixBackend listening = UnixBackend.running(path, connection -> {})) {
            assertThatThrownBy(() -> SocketFile.prepare(path.toString(), SocketFile.Access.DEFAULT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("Address already in use");
            assertThat(path).exists();
            assertThat(listening).isNotNull();
        }
    }

    @Test
    void anotherFileStays() throws IOException {
        Path path = Files.writeString(directory.resolve("notes"), "important");

        assertThatThrownBy(() -> SocketFile.prepare(path.toString(), SocketFile.Access.DEFAULT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no socket");
        assertThat(path).hasContent("important");
    }

    @Test
    void anUnknownUserIsNamed() {
        assertThatThrownBy(() -> SocketFile.prepare(
                        directory.resolve("x").toString(), new SocketFile.Access(null, "nobody-of-that-name", null)))
                .isInstanceOf(IOException.class)
                .hasMessage("there is no user or group nobody-of-that-name");
    }

    @Test
    void modeAndOwnersAreGranted() throws IOException {
        Path path = directory.resolve("granted");
        String user = Files.getOwner(directory).getName();
        SocketFile file = SocketFile.prepare(path.toString(), new SocketFile.Access(0620, user, null));
        Files.createFile(path);

        file.grant();

        assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw--w----"));
        assertThat(Files.getOwner(path).getName()).isEqualTo(user);
    }

    @Test
    void modesBeyondPermissionsAreRefused() {
        assertThatThrownBy(() -> new SocketFile.Access(01000, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0..0777");
    }
}
