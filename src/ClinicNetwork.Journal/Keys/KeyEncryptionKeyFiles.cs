namespace ClinicNetwork.Journal.Keys;

/// <summary>The files of key-encryption keys, for whoever runs the servers.</summary>
public static class KeyEncryptionKeyFiles
{
    /// <summary>Makes the file of the next version, mode 0600, and returns its path. Nothing is wrapped by it before the keys are rotated.</summary>
    /// <exception cref="StoreRefusedException">There is no master.key in the folder, or the file cannot be made.</exception>
    public static string Add(string folder)
    {
        if (!File.Exists(MasterKeyFile.FileIn(folder)))
        {
            throw new StoreRefusedException($"The key file {MasterKeyFile.FileIn(folder)} is missing; name the key folder of the network.");
        }

        return KeyEncryptionKeys.FileOf(folder, KeyEncryptionKeys.Add(folder));
    }
}
