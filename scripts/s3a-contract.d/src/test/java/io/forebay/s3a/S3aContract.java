package io.forebay.s3a;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.contract.AbstractBondedFSContract;

/** What S3A promises as a file system (contract/s3a.xml), over the bucket that core-site.xml names. */
final class S3aContract extends AbstractBondedFSContract {
    S3aContract(Configuration configuration) {
        super(configuration);
        addConfResource("contract/s3a.xml");
    }

    @Override
    public String getScheme() {
        return "s3a";
    }
}
