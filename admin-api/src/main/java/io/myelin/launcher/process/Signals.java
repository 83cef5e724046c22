package io.myelin.launcher.process;

import io.myelin.launcher.process.Lifecycle.Request;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns the signals of the operating system into requests: HUP reloads, TERM and INT stop. */
public final class Signals {
    /*
     * The JDK's only interface to signals is sun.misc.Signal, in the supported module jdk.unsupported. It is called by
     * reflection because the compiler's warning about it cannot be suppressed and warnings are errors here.
     */
    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Directs the signals of this process to {@code lifecycle}, instead of ending the process at once. */
    public static void direct(Lifecycle lifecycle) {
        handle("HUP", () -> lifecycle.request(Request.RELOAD));
        handle("TERM", () -> lifecycle.request(Request.STOP));
        handle("INT", () -> lifecycle.request(Request.STOP));
    }

    private static void handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handlerOf(handler, action));
        } catch (ReflectiveOperationException e) {
            log.warn("Signal keeps its default meaning: signal={}", name, e);
        }
    }

    private static Object handlerOf(Class<?> handler, Runnable action) {
        return Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, new Calls(action));
    }

    /** Runs the action for the handler's own method and answers those of {@code Object}. */
    private record Calls(Runnable action) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
            switch (method.getName()) {
                case "handle" -> action.run();
                case "equals" -> {
                    return proxy == arguments[0];
                }
                case "hashCode" -> {
                    return System.identityHashCode(proxy);
                }
                default -> {
                    return "signal handler";
                }
            }
            return null;
        }
    }
}
