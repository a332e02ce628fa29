package io.forebay.s3a;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileRange;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractContractAppendTest;
import org.apache.hadoop.fs.contract.AbstractContractBulkDeleteTest;
import org.apache.hadoop.fs.contract.AbstractContractConcatTest;
import org.apache.hadoop.fs.contract.AbstractContractContentSummaryTest;
import org.apache.hadoop.fs.contract.AbstractContractCopyFromLocalTest;
import org.apache.hadoop.fs.contract.AbstractContractCreateTest;
import org.apache.hadoop.fs.contract.AbstractContractDeleteTest;
import org.apache.hadoop.fs.contract.AbstractContractEtagTest;
import org.apache.hadoop.fs.contract.AbstractContractGetEnclosingRoot;
import org.apache.hadoop.fs.contract.AbstractContractGetFileStatusTest;
import org.apache.hadoop.fs.contract.AbstractContractMkdirTest;
import org.apache.hadoop.fs.contract.AbstractContractMultipartUploaderTest;
import org.apache.hadoop.fs.contract.AbstractContractOpenTest;
import org.apache.hadoop.fs.contract.AbstractContractRenameTest;
import org.apache.hadoop.fs.contract.AbstractContractRootDirectoryTest;
import org.apache.hadoop.fs.contract.AbstractContractSeekTest;
import org.apache.hadoop.fs.contract.AbstractContractStreamIOStatisticsTest;
import org.apache.hadoop.fs.contract.AbstractContractUnbufferTest;
import org.apache.hadoop.fs.contract.AbstractContractVectoredReadTest;
import org.apache.hadoop.fs.contract.AbstractFSContract;
import org.apache.hadoop.fs.contract.ContractTestUtils;
import org.apache.hadoop.fs.statistics.StreamStatisticNames;
import org.apache.hadoop.io.wrappedio.WrappedIO;
import org.junit.Assume;
import org.junit.experimental.runners.Enclosed;
import org.junit.runner.RunWith;

/**
 * Hadoop's file-system contract over S3A, a class for each part of it. What S3A itself does in another way than the
 * contract says, over any server, is overridden.
 */
@RunWith(Enclosed.class)
public class S3aContractTest {
    public static class Append extends AbstractContractAppendTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class BulkDelete extends AbstractContractBulkDeleteTest {
        private static final int PAGE = 20;

        @Override
        protected Configuration createConfiguration() {
            Configuration configuration = super.createConfiguration();
            configuration.setInt("fs.s3a.bulk.delete.page.size", PAGE);
            return configuration;
        }

        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        @Override
        protected int getExpectedPageSize() {
            return PAGE;
        }

        @Override
        public void validatePageSize() {
            assertEquals(PAGE, pageSize);
        }

        /** S3A takes each path of a bulk deletion as that of a file: folders stay. */
        @Override
        public void testDeletePathsDirectory() throws Exception {
            deleteFolderWith("file");
        }

        @Override
        public void testBulkDeleteParentDirectoryWithFiles() throws Exception {
            deleteFolderWith("file");
        }

        @Override
        public void testBulkDeleteParentDirectoryWithDirectories() throws Exception {
            Path folder = new Path(basePath, "folder");
            fs.mkdirs(new Path(folder, "inner"));
            assertSuccessfulBulkDelete(WrappedIO.bulkDelete_delete(fs, basePath, List.of(folder)));
            assertIsDirectory(folder);
        }

        private void deleteFolderWith(String name) throws Exception {
            Path folder = new Path(basePath, "folder");
            fs.mkdirs(folder);
            ContractTestUtils.touch(fs, new Path(folder, name));
            assertSuccessfulBulkDelete(WrappedIO.bulkDelete_delete(fs, basePath, List.of(folder)));
            assertIsDirectory(folder);
        }
    }

    public static class Concat extends AbstractContractConcatTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class ContentSummary extends AbstractContractContentSummaryTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class CopyFromLocal extends AbstractContractCopyFromLocalTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class Create extends AbstractContractCreateTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    /** As Create, with PUT requests that do not wait for 100 Continue. */
    public static class CreateAtOnce extends AbstractContractCreateTest {
        @Override
        protected Configuration createConfiguration() {
            Configuration configuration = super.createConfiguration();
            configuration.setBoolean("fs.s3a.connection.expect.continue", false);
            return configuration;
        }

        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class Delete extends AbstractContractDeleteTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class Etag extends AbstractContractEtagTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class GetEnclosingRoot extends AbstractContractGetEnclosingRoot {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class GetFileStatus extends AbstractContractGetFileStatusTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class Mkdir extends AbstractContractMkdirTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class MultipartUploader extends AbstractContractMultipartUploaderTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        @Override
        protected int partSizeInBytes() {
            return 5 << 20;
        }

        @Override
        protected int getTestPayloadCount() {
            return 3;
        }

        /** Completing an upload once more is answered as before. */
        @Override
        protected boolean finalizeConsumesUploadIdImmediately() {
            return false;
        }

        @Override
        protected boolean supportsConcurrentUploadsToSamePath() {
            return true;
        }

        /** What was aborted is not there to be aborted again, which S3A takes as done. */
        @Override
        public void testMultipartUploadAbort() throws Exception {
            try {
                super.testMultipartUploadAbort();
            } catch (FileNotFoundException e) {
                assertTrue(e.getMessage(), e.getMessage().startsWith("Aborting multipart upload"));
            }
        }

        /** There are no folders in a bucket. */
        @Override
        public void testDirectoryInTheWay() {
            Assume.assumeTrue("S3 has no folders", false);
        }
    }

    public static class Open extends AbstractContractOpenTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        /** S3A takes every file as encrypted. */
        @Override
        protected boolean areZeroByteFilesEncrypted() {
            return true;
        }
    }

    public static class Rename extends AbstractContractRenameTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        /** S3A refuses to rename a folder to one that is not empty. */
        @Override
        public void testRenameDirIntoExistingDir() throws Throwable {
            Path source = path("source");
            Path target = path("target");
            ContractTestUtils.touch(getFileSystem(), new Path(source, "a"));
            ContractTestUtils.touch(getFileSystem(), new Path(target, "b"));
            assertFalse(getFileSystem().rename(source, target));
            assertIsFile(new Path(source, "a"));
            assertIsFile(new Path(target, "b"));
        }

        /** S3A looks at the parent of what it renames to, and not at that one's parents. */
        @Override
        public void testRenameFileUnderFileSubdir() {
            Assume.assumeTrue("S3A renames to a place below a file", false);
        }
    }

    public static class RootDirectory extends AbstractContractRootDirectoryTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        /** S3A answers that it did not delete the root, and throws nothing. */
        @Override
        public void testRmNonEmptyRootDirNonRecursive() throws Throwable {
            Path file = new Path("/file");
            ContractTestUtils.touch(getFileSystem(), file);
            assertFalse(getFileSystem().delete(new Path("/"), false));
            assertIsFile(file);
            assertDeleted(file, false);
        }
    }

    public static class Seek extends AbstractContractSeekTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    /** As Seek, with S3A's older stream, which opens an object to its end, and by short ranges after a seek. */
    public static class SeekInClassicStream extends AbstractContractSeekTest {
        @Override
        protected Configuration createConfiguration() {
            return withClassicStream(super.createConfiguration());
        }

        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class StreamIOStatistics extends AbstractContractStreamIOStatisticsTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        @Override
        public List<String> outputStreamStatisticKeys() {
            return List.of(
                    StreamStatisticNames.STREAM_WRITE_BYTES,
                    StreamStatisticNames.STREAM_WRITE_BLOCK_UPLOADS,
                    StreamStatisticNames.STREAM_WRITE_EXCEPTIONS);
        }
    }

    public static class Unbuffer extends AbstractContractUnbufferTest {
        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }
    }

    public static class VectoredRead extends AbstractContractVectoredReadTest {
        public VectoredRead(String bufferType) {
            super(bufferType);
        }

        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        /** S3A refuses a range past the end before it asks the server. */
        @Override
        public void testEOFRanges() throws Exception {
            verifyExceptionalVectoredRead(
                    List.of(FileRange.createFileRange(DATASET_LEN, 100)), EOFException.class);
        }

        /** S3A's analytics stream has another exception for it. */
        @Override
        public void testNegativeOffsetRange() throws Exception {
            verifyExceptionalVectoredRead(
                    List.of(FileRange.createFileRange(-1, 50)), IllegalArgumentException.class);
        }
    }

    /** As VectoredRead, with S3A's older stream. */
    public static class VectoredReadOfClassicStream extends AbstractContractVectoredReadTest {
        public VectoredReadOfClassicStream(String bufferType) {
            super(bufferType);
        }

        @Override
        protected Configuration createConfiguration() {
            return withClassicStream(super.createConfiguration());
        }

        @Override
        protected AbstractFSContract createContract(Configuration configuration) {
            return new S3aContract(configuration);
        }

        /** S3A refuses a range past the end before it asks the server. */
        @Override
        public void testEOFRanges() throws Exception {
            verifyExceptionalVectoredRead(
                    List.of(FileRange.createFileRange(DATASET_LEN, 100)), EOFException.class);
        }
    }

    private static Configuration withClassicStream(Configuration configuration) {
        configuration.set("fs.s3a.input.stream.type", "classic");
        return configuration;
    }
}
