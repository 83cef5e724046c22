package io.myelin.endtoend;

import io.myelin.testing.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;

/** Ports of this machine. */
final class Ports {
    private Ports() {}

    /** Returns different ports that nobody listens on. */
    static List<Integer> free(int count) throws IOException {
        return FreePorts.some(count);
    }

    /** Returns whether connections to {@code port} are refused. */
    static boolean refused(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        } catch (SocketException e) {
            // Reset in the moment of the listener's closing: the next try tells.
            return false;
        } catch (IOException e) {
            throw new AssertionError("port " + port, e);
        }
    }
}
