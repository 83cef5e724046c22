package io.myelin.health;

import static io.myelin.health.CheckStatus.L4CON;
import static io.myelin.health.CheckStatus.L7OK;
import static io.myelin.health.CheckStatus.L7RSP;
import static io.myelin.health.CheckStatus.L7TOUT;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message through a RabbitMQ server: declares a queue, publishes, gets and acknowledges, as Nerve does.
 *
 * @param account as whom
 * @param connectTimeout how long the connection may take
 * @param answerTimeout how long all the rest may take
 * @param threads where the client, which blocks, is waited for
 * @param clock measures how long it took
 */
record RabbitProbe(
        Question.RabbitMq account,
        Duration connectTimeout,
        Duration answerTimeout,
        ExecutorService threads,
        Clock clock)
        implements Probe {
    private static final Logger log = LoggerFactory.getLogger(RabbitProbe.class);

    /** The queue that Nerve's check declares, with the same properties, or the second of them would be refused. */
    private static final String QUEUE = "nerve";

    private static final byte[] MESSAGE = "nerve health check".getBytes(StandardCharsets.UTF_8);

    @Override
    public void ask(EventLoop loop, Endpoint endpoint, SocketAddress address, Promise<ProbeResult> answer) {
        long startNanos = clock.nanoTime();
        Duration limit = connectTimeout.plus(answerTimeout);
        ScheduledFuture<?> timer = loop.schedule(
                () -> answer.trySuccess(
                        result(Finding.of(L7TOUT, "timeout after " + limit.toMillis() + " ms (AMQP)"), startNanos)),
                limit.toNanos(),
                TimeUnit.NANOSECONDS);
        answer.addListener(done -> timer.cancel(false));
        try {
            threads.execute(() -> {
                Finding finding = find((InetSocketAddress) address);
                loop.execute(() -> answer.trySuccess(result(finding, startNanos)));
            });
        } catch (RejectedExecutionException e) {
            answer.tryFailure(e);
        }
    }

    private ProbeResult result(Finding finding, long startNanos) {
        return new ProbeResult(finding, clock.nanoTime() - startNanos);
    }

    private Finding find(InetSocketAddress address) {
        try (Connection connection = factory(address).newConnection("myelin check");
                Channel channel = connection.createChannel()) {
            channel.queueDeclare(QUEUE, false, false, false, null);
            channel.basicPublish("", QUEUE, null, MESSAGE);
            GetResponse got = channel.basicGet(QUEUE, false);
            if (got == null) {
                return Finding.of(L7RSP, "the message did not come back");
            }
            channel.basicAck(got.getEnvelope().getDeliveryTag(), false);
            return Finding.of(L7OK, "the message came back");
        } catch (TimeoutException e) {
            return Finding.of(L7TOUT, "timeout (AMQP)");
        } catch (IOException e) {
            return failure(e);
        } catch (RuntimeException e) {
            return Finding.of(L7RSP, "AMQP: " + e);
        }
    }

    private static Finding failure(IOException failure) {
        boolean refused = failure instanceof ConnectException;
        Throwable cause = failure.getCause();
        String text = failure.getMessage() == null && cause != null ? cause.toString() : failure.toString();
        return refused ? Finding.of(L4CON, "connect refused") : Finding.of(L7RSP, "AMQP: " + text);
    }

    private ConnectionFactory factory(InetSocketAddress address) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.getAddress().getHostAddress());
        factory.setPort(address.getPort());
        factory.setUsername(account.username());
        factory.setPassword(account.password());
        factory.setConnectionTimeout(millis(connectTimeout));
        factory.setHandshakeTimeout(millis(answerTimeout));
        factory.setChannelRpcTimeout(millis(answerTimeout));
        factory.setShutdownTimeout(millis(answerTimeout));
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(0);
        factory.setExceptionHandler(new QuietHandler());
        factory.setThreadFactory(task -> {
            Thread thread = new Thread(task, "health-amqp-connection");
            thread.setDaemon(true);
            return thread;
        });
        return factory;
    }

    private static int millis(Duration duration) {
        return (int) Math.max(1, Math.min(duration.toMillis(), Integer.MAX_VALUE));
    }

    /** The client would log as an error what is an ordinary finding here. */
    private static final class QuietHandler extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable cause) {
            log.debug("{}", message, cause);
        }
    }
}
