Write-Output -InputObject @{
    PermissionReference      = @{ Reference = $item.PermissionReference.Reference }
    Description              = $item.Description
    DisplayName              = $item.DisplayName
    AccountReferences        = @($item.AccountReferences)
    SubPermissionReference   = @{ Id = $item.SubPermissionReference.Id }
    SubPermissionDisplayName = $item.SubPermissionDisplayName
}
