namespace ClinicNetwork.Journal.Keys;

/// <summary>A network's secrets from its key file alone, for commands that work without its store.</summary>
public static class NetworkSecrets
{
    /// <inheritdoc cref="IStore.DeriveSecret"/>
    /// <exception cref="StoreRefusedException">The key file is missing, cannot be read, or is no key.</exception>
    public static byte[] Derive(string keyFolder, string purpose) => MasterKeyFile.Load(keyFolder, storeExists: true).DeriveSecret(purpose);
}
