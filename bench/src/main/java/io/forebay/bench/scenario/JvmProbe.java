package io.forebay.bench.scenario;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// Looks into another JVM of this machine: how much heap lives, and how much was ever allocated.
public final class JvmProbe implements AutoCloseable {
    private final long pid;
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final ThreadMXBean threads;

    /// Attaches to the process of that id.
    @SuppressWarnings("BanJNDI") // The address is that of a process which this one started.
    public JvmProbe(long pid) {
        this.pid = pid;
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            String address;
            try {
                address = machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
            connector = JMXConnectorFactory.connect(new JMXServiceURL(address));
            MBeanServerConnection beans = connector.getMBeanServerConnection();
            memory = ManagementFactory.newPlatformMXBeanProxy(
                    beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
            threads = ManagementFactory.newPlatformMXBeanProxy(
                    beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        } catch (AttachNotSupportedException e) {
            throw new IllegalStateException("cannot look into process " + pid, e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into process " + pid + ": " + e.getMessage(), e);
        }
    }

    /// Collects garbage and returns the bytes of heap that are still used.
    public long liveHeapBytes() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /// Bytes of heap that all threads have allocated since the JVM started.
    public long allocatedBytes() {
        return threads.getTotalThreadAllocatedBytes();
    }

    public long residentBytes() {
        return ProcessTime.residentBytes(pid);
    }

    @Override
    public void close() {
        try {
            connector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
